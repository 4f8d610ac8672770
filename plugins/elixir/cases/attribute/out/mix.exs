defmodule Place.MixProject do
  use Mix.Project

  @source_url "https://example.com/1.2.0"
  @version "1.3.0-rc.1"
  # @version "0.1.0"

  def project do
    [
      app: :place,
      version: @version,
      docs: [source_ref: "v#{@version}", extras: ["README.md"]]
    ]
  end
end
