defmodule Place.Version do
  @version "1.2.0"
  def version, do: @version
end
