defmodule P do
  def project(), do: [app: :p, version: "2.0.0"]
  def application, do: [version: "0.1.0"]
end