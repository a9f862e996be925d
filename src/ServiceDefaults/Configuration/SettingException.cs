namespace ServiceDefaults;

/// <summary>A setting is missing or wrong. The message is one sentence that names the setting and says what it must be.</summary>
public sealed class SettingException(string setting, string message) : Exception(message)
{
    /// <summary>The setting's name, such as <c>Server:Port</c>.</summary>
    public string Setting { get; } = setting;
}
