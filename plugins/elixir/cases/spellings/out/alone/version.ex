defmodule Place.Version do
  @version "2.0.0"
  def version, do: @version
end
