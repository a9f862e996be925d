using Microsoft.Extensions.Configuration;

namespace ServiceDefaults;

/// <summary>A setting that is a list of names, each with an address: <c>{Name}:0:Name</c>, <c>{Name}:0:Url</c>, and so on.</summary>
public sealed class NamedAddresses : Setting
{
    internal NamedAddresses(string name, string description)
        : base(name, description, "none", "names, each once, with an absolute http address each", []) { }

    /// <summary>The list, in order.</summary>
    /// <exception cref="SettingException">An entry lacks its name or its address, or a name is there twice.</exception>
    public IReadOnlyList<(string Name, string Url)> Read(IConfiguration configuration)
    {
        var entries = configuration.GetSection(Name).GetChildren().Select(Entry).ToList();
        if (entries.GroupBy(entry => entry.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new SettingException(Name, $"Setting {Name} names '{twice.Key}' twice.");
        return entries;
    }

    /// <inheritdoc/>
    public override void Check(IConfiguration configuration) => Read(configuration);

    internal static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);

    private static (string Name, string Url) Entry(IConfigurationSection entry)
    {
        if (entry["Name"]?.Trim() is not { Length: > 0 } name)
            throw new SettingException($"{entry.Path}:Name", $"Setting {entry.Path}:Name is missing: it must be a name.");
        if (entry["Url"]?.Trim() is not { Length: > 0 } url || !IsAddress(url))
            throw new SettingException(
                $"{entry.Path}:Url",
                $"Setting {entry.Path}:Url is '{entry["Url"]}': it must be an absolute http address."
            );
        return (name, url);
    }
}
