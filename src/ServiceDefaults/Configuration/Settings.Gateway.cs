namespace ServiceDefaults;

public static partial class Settings
{
    /// <summary>How long the gateway waits for a sign of life in a reply.</summary>
    public static readonly Setting<TimeSpan> GatewayReplyTimeout = new(
        "Gateway:ReplyTimeout",
        SettingKinds.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        TimeSpan.FromSeconds(100),
        "How long a service may send nothing while the gateway waits for its reply; then the answer is 504."
    );
}
