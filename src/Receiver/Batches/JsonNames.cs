using System.Text.Json;

namespace Receiver.Batches;

/// <summary>Short names and strings of a line. What is escaped in a way that is no Unicode is none of them.</summary>
internal static class JsonNames
{
    /// <summary>The property name the reader stands at; empty when it is not one the batch knows.</summary>
    public static string Of(ref Utf8JsonReader json) => TextOf(ref json) ?? "";

    /// <summary>The string the reader stands at; null when it is none.</summary>
    public static string? StringOf(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.String ? TextOf(ref json) : null;

    private static string? TextOf(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
    }
}
