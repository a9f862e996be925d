using Microsoft.Extensions.Configuration;

namespace ServiceDefaults;

/// <summary>One setting of the product: its name, what it is for, what it may be and what it is when nobody sets it.</summary>
public abstract class Setting
{
    private protected Setting(string name, string description, string defaultText, string kind, string[] olderNames)
    {
        Name = name;
        Description = description;
        DefaultText = defaultText;
        Kind = kind;
        OlderNames = olderNames;
    }

    /// <summary>The configuration key. As an environment variable, <c>:</c> is written <c>__</c>.</summary>
    public string Name { get; }

    /// <summary>What the setting does, in one or two sentences.</summary>
    public string Description { get; }

    /// <summary>What holds when the setting is absent, in words or as a value.</summary>
    public string DefaultText { get; }

    /// <summary>What a value must be, such as "a whole number from 0 to 65535".</summary>
    public string Kind { get; }

    /// <summary>Names under which the setting is also accepted, the first that has a value wins after <see cref="Name"/>.</summary>
    public IReadOnlyList<string> OlderNames { get; }

    /// <summary>Whether the value must not be shown in logs or messages.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Fails with a <see cref="SettingException"/> when the setting has a value that it may not have.</summary>
    public abstract void Check(IConfiguration configuration);

    /// <summary>The text that was set, and the name it was set under; null when it was not set.</summary>
    private protected (string Name, string Value)? Find(IConfiguration configuration)
    {
        foreach (var name in OlderNames.Prepend(Name))
        {
            if (configuration[name] is { } value && !string.IsNullOrWhiteSpace(value))
                return (name, value.Trim());
        }
        return null;
    }
}
