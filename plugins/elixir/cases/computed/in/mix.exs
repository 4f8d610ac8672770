defmodule P do
  def project do
    [app: :p, version: String.trim(File.read!("VERSION"))]
  end
end
