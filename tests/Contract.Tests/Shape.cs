using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Contract.Tests;

/// <summary>What the body of a reply must be.</summary>
public abstract record Shape
{
    /// <summary>No body at all.</summary>
    public static Shape Nothing { get; } = new NoBody();

    /// <summary>
    /// JSON with exactly these keys and values. A text such as <c>&lt;int&gt;</c> stands for any value of that kind, an array that begins with
    /// <c>&lt;each&gt;</c> for one or more of what follows, and a key <c>...</c> for further keys.
    /// </summary>
    public static Shape Json(string template) => new JsonBody("application/json", template);

    /// <summary>A domain's error: one key <c>message</c>.</summary>
    public static Shape Message(string text = "<text>") => Json($"{{\"message\":{JsonSerializer.Serialize(text)}}}");

    /// <summary>A problem document of exactly the four keys, whose detail names something.</summary>
    public static Shape Problem(string named = "") => new ProblemBody(named);

    /// <summary>A text of a content type that contains something.</summary>
    public static Shape Text(string mediaType, string contained) => new TextBody(mediaType, contained);

    /// <summary>Fails unless the reply is so.</summary>
    public abstract void Check(Reply reply);

    private sealed record NoBody : Shape
    {
        public override void Check(Reply reply) => reply.Text.Should().BeEmpty();
    }

    private sealed record TextBody(string MediaType, string Contained) : Shape
    {
        public override void Check(Reply reply)
        {
            reply.MediaType.Should().Be(MediaType);
            reply.Text.Contains(Contained, StringComparison.Ordinal).Should().BeTrue($"it must contain {Contained}");
        }
    }

    private sealed record ProblemBody(string Named) : Shape
    {
        private static readonly Dictionary<int, string> Titles = new()
        {
            [400] = "Bad Request",
            [403] = "Forbidden",
            [404] = "Not Found",
            [405] = "Method Not Allowed",
            [413] = "Payload Too Large",
            [415] = "Unsupported Media Type",
            [503] = "Service Unavailable",
        };

        public override void Check(Reply reply)
        {
            new JsonBody(
                "application/problem+json",
                $$"""{"type":"about:blank","title":"{{Titles[reply.Status]}}","detail":"<text>","status":{{reply.Status}}}"""
            ).Check(reply);
            using var document = JsonDocument.Parse(reply.Text);
            var detail = document.RootElement.GetProperty("detail").GetString()!;
            detail.Contains(Named, StringComparison.Ordinal).Should().BeTrue($"the detail must name {Named}");
        }
    }

    private sealed record JsonBody(string MediaType, string Template) : Shape
    {
        private static readonly Dictionary<string, (JsonValueKind Kind, string Pattern)> Kinds = new()
        {
            ["<int>"] = (JsonValueKind.Number, "^-?[0-9]+$"),
            ["<number>"] = (JsonValueKind.Number, ""),
            ["<text>"] = (JsonValueKind.String, "."),
            ["<trace>"] = (JsonValueKind.Number, "^[1-9][0-9]{18}$"),
            ["<trace text>"] = (JsonValueKind.String, "^\"[1-9][0-9]{18}\"$"),
            ["<uuid>"] = (JsonValueKind.String, "^\"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\"$"),
            ["<runs and songs>"] = (JsonValueKind.String, "^\"[A-Z][a-z]+ has [0-9]+ runs and [0-9]+ songs\"$"),
            ["<utc>"] = (JsonValueKind.String, @"^""\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ""$"),
            ["<utc to the microsecond>"] = (JsonValueKind.String, @"^""\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z""$"),
            ["<date and time>"] = (JsonValueKind.String, @"^""\d{4}-\d\d-\d\d \d\d:\d\d:\d\d""$"),
        };

        public override void Check(Reply reply)
        {
            reply.MediaType.Should().Be(MediaType);
            using var template = JsonDocument.Parse(Template);
            using var document = JsonDocument.Parse(reply.Text);
            Compare(template.RootElement, document.RootElement, "the body");
        }

        private static void Compare(JsonElement template, JsonElement value, string place)
        {
            if (template.ValueKind == JsonValueKind.String && template.GetString() is { } text)
            {
                if (text == "<any>")
                    return;
                if (Kinds.TryGetValue(text, out var kind))
                {
                    value.ValueKind.Should().Be(kind.Kind, place);
                    Regex.IsMatch(value.GetRawText(), kind.Pattern).Should().BeTrue($"{place} must be {text} and is {value.GetRawText()}");
                    return;
                }
            }
            value.ValueKind.Should().Be(template.ValueKind, place);
            switch (template.ValueKind)
            {
                case JsonValueKind.Object:
                    CompareObjects(template, value, place);
                    break;
                case JsonValueKind.Array:
                    CompareArrays([.. template.EnumerateArray()], [.. value.EnumerateArray()], place);
                    break;
                case JsonValueKind.Number:
                    value.GetDecimal().Should().Be(template.GetDecimal(), place);
                    break;
                default:
                    value.ToString().Should().Be(template.ToString(), place);
                    break;
            }
        }

        private static void CompareObjects(JsonElement template, JsonElement value, string place)
        {
            var keys = template.EnumerateObject().Select(key => key.Name).ToList();
            var found = value.EnumerateObject().Select(key => key.Name).ToList();
            if (keys.Remove("..."))
                found.Should().Contain(keys, place);
            else
                found.Should().BeEquivalentTo(keys, place);
            foreach (var key in keys)
                Compare(template.GetProperty(key), value.GetProperty(key), $"{place}.{key}");
        }

        private static void CompareArrays(List<JsonElement> template, List<JsonElement> value, string place)
        {
            if (template is [{ ValueKind: JsonValueKind.String } first, var each] && first.GetString() == "<each>")
            {
                value.Should().NotBeEmpty(place);
                template = [.. Enumerable.Repeat(each, value.Count)];
            }
            value.Count.Should().Be(template.Count, place);
            for (var at = 0; at < template.Count; at++)
                Compare(template[at], value[at], string.Create(CultureInfo.InvariantCulture, $"{place}[{at}]"));
        }
    }
}
