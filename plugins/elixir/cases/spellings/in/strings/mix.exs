defmodule P do
  @moduledoc """
  def project do
    [version: "0.1.0"]
  \"""
  @version "0.2.0"
  """
  @doc ~S"""
  @version "0.3.0" \
  """
  @quote ?"
  @hash ?#
  @brackets ~r/[({"'/
  @words ~w[version: "a" # b
    @version]
  @list 'version: "'
  def nested?("\"#{inspect("[")}"), do: '\'['
  def project do
    _read = File.read!("VERSION")
    [ app: :p, "text": "] version: \"0.4.0\"", list: [?], {:a, version: "0.5.0"}],
      version:	"1.2.0" ]
  end
  def other, do: [version: "0.6.0"]
end
