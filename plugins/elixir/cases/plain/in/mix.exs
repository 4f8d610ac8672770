defmodule Größe.MixProject do
  use Mix.Project

  def project do
    [
      app: :groesse, # 😀 é
      version: "1.2.0", # not version: "0.1.0"
      elixir: "~> 1.14",
      min_version: "0.2.0",
      start_permanent: Mix.env() == :prod,
      deps: deps(),
      docs: [version: "0.3.0"],
      releases: [groesse: [version: "0.4.0"]]
    ]
  end

  defp deps do
    [{:plug, "1.2.0", version: "0.5.0"}]
  end
end
