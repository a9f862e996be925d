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

    /// <summary>Ports of services at the gateway.</summary>
    public static readonly Setting<IReadOnlyList<ServicePort>> GatewayServicePorts = new(
        "Gateway:ServicePorts",
        ServicePort.SettingKind,
        [],
        "Further ports of the gateway, each standing for one of a service, such as `8080=receiver,8110=analyzer:8110`: what comes in there is passed on to one of its replicas, path unchanged, "
            + "and what the gateway keeps closed is closed there too."
    );
}
