defmodule P do
  @größe "é"
  @version "2.0.0"
  def project do
    [app: :p, version: @version]
  end
end
