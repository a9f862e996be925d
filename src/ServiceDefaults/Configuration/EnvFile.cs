namespace ServiceDefaults;

/// <summary>The file <c>.env</c> of the current folder: variables that hold where the environment has none of that name.</summary>
internal static class EnvFile
{
    /// <summary>What the file says; nothing when there is none. Lines are <c>NAME=value</c>; what begins with # is a remark.</summary>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        var variables = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (!File.Exists(path))
            return variables;
        foreach (var written in File.ReadLines(path))
        {
            var line = written.Trim();
            if (line.StartsWith("export ", StringComparison.Ordinal))
                line = line["export ".Length..].TrimStart();
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (line.StartsWith('#') || equals <= 0)
                continue;
            variables[line[..equals].TrimEnd()] = Unquoted(line[(equals + 1)..].Trim());
        }
        return variables;
    }

    private static string Unquoted(string value)
    {
        if (value.Length >= 2 && value[0] is '"' or '\'' && value.IndexOf(value[0], 1) is var end and > 0)
            return value[1..end];
        var remark = value.IndexOf(" #", StringComparison.Ordinal);
        return remark < 0 ? value : value[..remark].TrimEnd();
    }
}
