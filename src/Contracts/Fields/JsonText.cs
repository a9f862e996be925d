using System.Globalization;
using System.Text.Json;

namespace Contracts.Fields;

/// <summary>Strings in JSON that may hide halves of characters behind escapes. The text itself is known to be valid UTF-8.</summary>
internal static class JsonText
{
    /// <summary>The string or property name the reader stands at; false when it has half a surrogate pair.</summary>
    public static bool TryGetString(ref Utf8JsonReader json, out string value)
    {
        if (!IsUnicode(ref json))
        {
            value = "";
            return false;
        }
        value = json.GetString()!;
        return true;
    }

    /// <summary>False when the string or property name the reader stands at has half a surrogate pair.</summary>
    public static bool IsUnicode(ref Utf8JsonReader json) => !json.ValueIsEscaped || HasWholePairs(json.ValueSpan);

    /// <summary>True when the string or property name the reader stands at is <paramref name="text"/>.</summary>
    public static bool Is(ref Utf8JsonReader json, ReadOnlySpan<byte> text) => IsUnicode(ref json) && json.ValueTextEquals(text);

    public static bool TryParseInstant(ref Utf8JsonReader json, out DateTime utc)
    {
        if (!json.ValueIsEscaped)
            return Iso8601.TryParse(json.ValueSpan, out utc);
        utc = default;
        return TryGetString(ref json, out var text) && Iso8601.TryParse(text, out utc);
    }

    /// <summary>The characters of a text as MySQL counts them: code points.</summary>
    public static int Characters(string text)
    {
        var characters = 0;
        foreach (var unit in text)
        {
            if (!char.IsLowSurrogate(unit))
                characters++;
        }
        return characters;
    }

    private static bool HasWholePairs(ReadOnlySpan<byte> escaped)
    {
        for (var at = escaped.IndexOf((byte)'\\'); at >= 0 && at < escaped.Length; )
        {
            if (escaped[at] != '\\')
            {
                at++;
                continue;
            }
            if (escaped[at + 1] != 'u')
            {
                at += 2;
                continue;
            }
            var unit = Unit(escaped[(at + 2)..]);
            at += 6;
            if (char.IsLowSurrogate(unit))
                return false;
            if (!char.IsHighSurrogate(unit))
                continue;
            if (!escaped[at..].StartsWith("\\u"u8) || !char.IsLowSurrogate(Unit(escaped[(at + 2)..])))
                return false;
            at += 6;
        }
        return true;
    }

    // The JSON reader has checked that four hexadecimal digits follow.
    private static char Unit(ReadOnlySpan<byte> digits) =>
        (char)ushort.Parse(digits[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
