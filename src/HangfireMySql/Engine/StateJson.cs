using Hangfire.Common;
using Hangfire.States;

namespace Hangfire.MySql.Engine;

/// <summary>A state's data as its column.</summary>
internal static class StateJson
{
    public static string? Write(IState state) => state.SerializeData() is { } data ? SerializationHelper.Serialize(data) : null;

    /// <summary>The data with keys in any case; empty when there is none.</summary>
    public static Dictionary<string, string?> Read(string? json)
    {
        var data = json is null ? null : SerializationHelper.Deserialize<Dictionary<string, string?>>(json);
        var result = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in data ?? [])
            result[key] = value;
        return result;
    }
}
