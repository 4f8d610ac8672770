defmodule P do
  @größe "é"
  @version "1.2.0"
  def project do
    [app: :p, version: @version]
  end
end
