using System.Text.Json;

namespace Contracts.Fields;

/// <summary>Checks values that no field describes: they travel unchanged, so every reader must be able to take them.</summary>
internal static class JsonValue
{
    /// <summary>Reads the value the reader stands at to its end.</summary>
    /// <returns>
    /// What is wrong: half a surrogate pair, a key that is there twice in one object, or objects in objects beyond the limit; null when
    /// nothing is.
    /// </returns>
    public static string? Check(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
            return JsonText.IsUnicode(ref json) ? null : "a string is not valid Unicode.";
        if (json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return null;

        var objects = new Stack<HashSet<string>?>();
        objects.Push(NamesOf(json.TokenType));
        while (objects.Count > 0 && json.Read())
        {
            switch (json.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    if (json.CurrentDepth >= FieldLimits.Depth)
                        return $"it is nested deeper than {FieldLimits.Depth} levels.";
                    objects.Push(NamesOf(json.TokenType));
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    objects.Pop();
                    break;
                case JsonTokenType.PropertyName:
                    if (!JsonText.TryGetString(ref json, out var name))
                        return "a property's name is not valid Unicode.";
                    if (!objects.Peek()!.Add(name))
                        return $"'{name}' is there twice.";
                    break;
                case JsonTokenType.String:
                    if (!JsonText.IsUnicode(ref json))
                        return "a string is not valid Unicode.";
                    break;
            }
        }
        return null;
    }

    private static HashSet<string>? NamesOf(JsonTokenType start) =>
        start == JsonTokenType.StartObject ? new HashSet<string>(StringComparer.Ordinal) : null;
}
