using System.Globalization;
using System.Text;
using System.Text.Json;
using Contracts;
using CsCheck;

namespace TestSupport.Events;

/// <summary>
/// Request bodies that the contract allows, drawn towards the edges: longest texts in four-byte characters, largest numbers, first and
/// last dates, unknown properties, keys in any order. Everything it makes must be accepted and must fit its columns.
/// </summary>
public static class EventGenerator
{
    private static readonly DateTimeOffset FirstTraceId = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    /// <summary>A body of a listing, a bid, a run or a song.</summary>
    public static Gen<(EventType Type, byte[] Body)> Body =>
        Gen.OneOf(EventCatalog.All.Select(type => BodyOf(type).Select(body => (type, body))).ToArray());

    /// <summary>A body that was accepted: with trace id and time.</summary>
    public static Gen<EventMessage> Message =>
        Gen.Select(
            Body,
            Gen.Long[1, long.MaxValue],
            Gen.Int[0, 1_000_000_000],
            (body, traceId, seconds) => Accept(body.Type, body.Body, traceId, seconds)
        );

    /// <summary>A body of <paramref name="type"/>.</summary>
    public static Gen<byte[]> BodyOf(EventType type)
    {
        var fields = type.Fields.Select(field => Value(field).Select(value => (field.Name, field.Required, Value: value))).ToArray();
        return Gen.Select(
            Sequence(fields),
            Unknown.Array[0, 3],
            Gen.Bool,
            Gen.Int,
            (known, unknown, optional, seed) =>
            {
                var pairs = known
                    .Where(field => field.Required || optional)
                    .Select(field => $"\"{field.Name}\":{field.Value}")
                    .Concat(unknown.Index().Select(property => $"\"x{property.Index}{property.Item.Name}\":{property.Item.Value}"))
                    .ToArray();
                new Random(seed).Shuffle(pairs);
                return Encoding.UTF8.GetBytes($"{{{string.Join(',', pairs)}}}");
            }
        );
    }

    private static EventMessage Accept(EventType type, byte[] body, long traceId, int seconds)
    {
        var draft = type.Check(body, out var error) ?? throw new InvalidOperationException($"{error} {Encoding.UTF8.GetString(body)}");
        var at = FirstTraceId.AddSeconds(seconds);
        return type.TraceIdKind == TraceIdKind.Nanoseconds ? draft.Accept(traceId, at) : draft.Accept(Guid.CreateVersion7(at), at);
    }

    private static Gen<string> Value(Contracts.Fields.EventField field) =>
        field.Schema switch
        {
            { } schema when schema.TryGetValue("enum", out var choices) => Gen.OneOf(
                ((IEnumerable<string>)choices).Select(Quote).ToArray()
            ),
            { } schema when schema.TryGetValue("maxLength", out var length) => Text((int)length, schema.ContainsKey("format")),
            { } schema when schema.Values.Contains("date-time") => Instant,
            { } schema when schema.Values.Contains("integer") => Integer,
            { } schema when schema.ContainsKey("minimum") => Amount,
            _ => Gen.Frequency((3, Amount), (1, Amount.Select(amount => amount.StartsWith('-') ? amount : "-" + amount))),
        };

    private static Gen<string> Integer =>
        Gen.Frequency(
            (4, Gen.Long[0, 1_000_000].Select(Digits)),
            (2, Gen.Long.Select(Digits)),
            (1, Gen.OneOf("0", "-0", "-1", Digits(long.MaxValue), Digits(long.MinValue)))
        );

    private static Gen<string> Amount =>
        Gen.Frequency(
            (4, Gen.Select(Gen.Long[0, 1_000_000], Gen.Int[0, 99], (whole, cents) => $"{whole}.{cents:00}")),
            (2, Gen.Select(Gen.Long[0, 999_999_999_999_998], Gen.ULong, (whole, fraction) => $"{whole}.{fraction}")),
            (1, Gen.Select(Gen.Int[1, 9], Gen.Int[-300, 14], (digit, exponent) => $"{digit}e{exponent}")),
            (
                1,
                Gen.OneOf(
                    "0",
                    "-0",
                    "-0.0",
                    "0.005",
                    "0.004999999999999999999999999999999999",
                    "1.005",
                    "99999999999999.995",
                    "999999999999999",
                    "1E-400",
                    "0e999",
                    "4.9e-324",
                    "2.2250738585072011e-308"
                )
            )
        );

    private static Gen<string> Instant =>
        Gen.Select(
            Gen.Frequency(
                (4, Gen.DateTime[new DateTime(1000, 1, 2), new DateTime(9999, 12, 30)]),
                (1, Gen.OneOf(new DateTime(1000, 1, 2), new DateTime(9999, 12, 30, 23, 59, 59).AddTicks(9_999_999)))
            ),
            Gen.OneOf("yyyy-MM-ddTHH:mm:ss.fffffff", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm:ss.f", "yyyy-MM-ddTHH:mm"),
            Gen.OneOf("", "Z", "+00:00", "-11:30", "+14:00", "+0530", "-08"),
            (instant, shape, zone) => Quote(instant.ToString(shape, CultureInfo.InvariantCulture) + zone)
        );

    private static Gen<string> Character =>
        Gen.Frequency(
            (6, Gen.Char[' ', '~'].Select(character => character.ToString())),
            (1, Gen.OneOf("é", "ß", "İ", "漢", "\u200b", "\t", "\n", "\"", "\\", "'", "%", "\u2028", "\0", "\ufffd", "\uffff")),
            (2, Gen.OneOf("😀", "𝒳", "\U0010ffff"))
        );

    private static Gen<(string Name, string Value)> Unknown =>
        Gen.Select(
            Character.Array[0, 5].Select(characters => Quote(string.Concat(characters))[1..^1]),
            Gen.OneOf(
                "null",
                "true",
                "1.0",
                "1e999",
                "\"\\ud83d\\ude00\"",
                "[1,[2,{\"a\":1}],{\"a\":2}]",
                "{ \"b\" : { \"b\" : 1 } }",
                "\"é\""
            )
        );

    private static Gen<string> Text(int length, bool email)
    {
        var longest = email ? length - 1 : length;
        return Gen.Select(
            Gen.Frequency((3, Character.Array[0, Math.Min(20, longest)]), (1, Character.Array[longest, longest])),
            Gen.Bool,
            (characters, escaped) =>
            {
                var text = string.Concat(characters) + (email ? "@" : "");
                return escaped ? Escaped(text) : Quote(text);
            }
        );
    }

    private static Gen<T[]> Sequence<T>(Gen<T>[] generators) =>
        generators.Aggregate(
            Gen.Const(Array.Empty<T>()),
            (all, next) => Gen.Select(all, next, (head, tail) => head.Append(tail).ToArray())
        );

    private static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string text) => JsonSerializer.Serialize(text, Readable);

    private static string Escaped(string text) => $"\"{string.Concat(text.Select(unit => $"\\u{(int)unit:x4}"))}\"";

    private static JsonSerializerOptions Readable { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
