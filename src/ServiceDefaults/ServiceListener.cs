using Microsoft.Extensions.Configuration;

namespace ServiceDefaults;

/// <summary>One port of a service. Two listeners may answer the same short path differently (<see cref="ListenerRouting.OnListener{T}"/>).</summary>
/// <param name="Name">The listener's name within the service.</param>
/// <param name="BasePath">The path under which its routes also stand, such as <c>/storage</c>.</param>
/// <param name="DefaultPort">The port it listens on unless <paramref name="Port"/> says otherwise.</param>
/// <param name="Port">The setting that holds its port; null for the main listener, whose setting is <c>Server:Port</c>.</param>
/// <param name="RunifyPort">The port it listens on with Runify alone, where that system's contract has another.</param>
public sealed record ServiceListener(string Name, string BasePath, int DefaultPort, Setting<int?>? Port = null, int? RunifyPort = null)
{
    /// <summary>The port the settings give it.</summary>
    internal int ReadPort(IConfiguration configuration) =>
        (Port ?? Settings.ServerPort).Read(configuration)
        ?? (Settings.Systems.Read(configuration).RealEstate ? DefaultPort : RunifyPort ?? DefaultPort);
}
