using System.Numerics;
using System.Text.Json;

namespace Analyzer.Reading;

/// <summary>How a system shows the n-th event, and what it says where there is none.</summary>
/// <param name="IsArray">The event stands in an array of one.</param>
/// <param name="NotThere">The message for an index without event.</param>
internal sealed record NthReply(bool IsArray, Func<BigInteger, string> NotThere)
{
    public static NthReply InArray { get; } = new(true, asked => $"No message at index {asked}!");

    public static NthReply Alone { get; } = new(false, _ => "Not Found");

    /// <summary>What the API document says of it.</summary>
    public Type Documented => IsArray ? typeof(Dictionary<string, JsonElement>[]) : typeof(Dictionary<string, JsonElement>);
}
