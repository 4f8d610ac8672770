defmodule P do
  @app_version "1.2.0"
  @version "0.1.0"
  def project, do: [app: :p, version: @app_version]
end
