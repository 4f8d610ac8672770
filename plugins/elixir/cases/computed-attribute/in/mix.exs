defmodule P do
  @version File.read!("VERSION")
  def project do
    [app: :p, version: @version]
  end
end
