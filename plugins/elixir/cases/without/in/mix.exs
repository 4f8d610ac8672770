defmodule P do
  def project do
    [app: :p, deps: [version: "1.2.0"]]
  end
end
