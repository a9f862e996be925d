namespace Contract.Tests;

/// <summary>What came back.</summary>
/// <param name="Status">The status.</param>
/// <param name="MediaType">The content type without parameters; null without one.</param>
/// <param name="Text">The body.</param>
/// <param name="Headers">Every header by its name.</param>
public sealed record Reply(int Status, string? MediaType, string Text, IReadOnlyDictionary<string, string> Headers);
