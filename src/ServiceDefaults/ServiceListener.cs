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
    /// <summary>The name of every service's first listener.</summary>
    public const string Main = "main";

    /// <summary>The name of the listener that stands for Runify's port beside the real-estate system's.</summary>
    public const string Runify = "runify";

    /// <summary>
    /// The listeners of a service that has another port in Runify's contract. That one is open with both systems on, and what comes in there
    /// is answered as with Runify alone.
    /// </summary>
    internal static IReadOnlyList<ServiceListener> OfBoth(string basePath, int port, string runifyBasePath, int runifyPort) =>
        [new(Main, basePath, port, RunifyPort: runifyPort), new(Runify, runifyBasePath, runifyPort, Settings.ServerRunifyPort)];

    /// <summary>The setting that moves it to another port.</summary>
    internal Setting<int?> PortSetting => Port ?? Settings.ServerPort;

    /// <summary>The port the settings give it; null when it is closed.</summary>
    internal int? ReadPort(IConfiguration configuration)
    {
        var systems = Settings.Systems.Read(configuration);
        var port = PortSetting.Read(configuration);
        if (Name != Runify)
            return port ?? (systems.RealEstate ? DefaultPort : RunifyPort ?? DefaultPort);
        // With Runify alone the main listener is Runify's already; a second one is there only where it is asked for.
        var open = systems.Runify && port is not Settings.Off && (systems.RealEstate || port is not null);
        return open ? port ?? DefaultPort : null;
    }
}
