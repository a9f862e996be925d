namespace ServiceDefaults;

/// <summary>One port of a service. Two listeners may answer the same short path differently (<see cref="ListenerRouting.OnListener{T}"/>).</summary>
/// <param name="Name">The listener's name within the service.</param>
/// <param name="BasePath">The path under which its routes also stand, such as <c>/storage</c>.</param>
/// <param name="DefaultPort">The port it listens on unless <paramref name="Port"/> says otherwise.</param>
/// <param name="Port">The setting that holds its port; null for the main listener, whose setting is <c>Server:Port</c>.</param>
public sealed record ServiceListener(string Name, string BasePath, int DefaultPort, Setting<int?>? Port = null)
{
    internal Setting<int?> PortSetting => Port ?? Settings.ServerPort;
}
