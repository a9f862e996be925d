using Microsoft.Extensions.Configuration;

namespace ServiceDefaults;

/// <summary>A setting whose value is a <typeparamref name="T"/>.</summary>
public sealed class Setting<T> : Setting
{
    private readonly SettingKind<T> _kind;
    private readonly T _default;

    internal Setting(
        string name,
        SettingKind<T> kind,
        T defaultValue,
        string description,
        string? defaultText = null,
        params string[] olderNames
    )
        : base(name, description, defaultText ?? kind.Show(defaultValue), kind.Description, olderNames)
    {
        _kind = kind;
        _default = defaultValue;
    }

    /// <summary>The setting's value, or its default.</summary>
    /// <exception cref="SettingException">It was set to something it may not be.</exception>
    public T Read(IConfiguration configuration)
    {
        if (Find(configuration) is not var (name, text))
            return _default;
        if (_kind.TryParse(text, out var value))
            return value;
        var shown = IsSecret ? "has a value that it may not have" : $"is '{text}'";
        var where = OriginalFiles.Of(configuration, name) is { } file ? $" in {file}" : "";
        throw new SettingException(name, $"Setting {name}{where} {shown}: it must be {_kind.Description}.");
    }

    /// <summary>Whether somebody set it.</summary>
    public bool IsSet(IConfiguration configuration) => Find(configuration) is not null;

    /// <inheritdoc />
    public override void Check(IConfiguration configuration) => Read(configuration);
}
