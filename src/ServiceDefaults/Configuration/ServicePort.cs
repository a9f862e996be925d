using System.Globalization;

namespace ServiceDefaults;

/// <summary>A port of the gateway that stands for one of a service.</summary>
/// <param name="Port">Where the gateway listens.</param>
/// <param name="Service">The service, by its prefix at the gateway (<c>consistency_check</c>).</param>
/// <param name="Target">The service's port; null for the one in its address.</param>
public sealed record ServicePort(int Port, string Service, int? Target)
{
    private static readonly string[] Services = ["receiver", "storage", "processing", "analyzer", "consistency_check", "anomaly_detector"];

    internal static SettingKind<IReadOnlyList<ServicePort>> SettingKind { get; } =
        new(
            $"port=service with commas between, each port once, where a service is one of {string.Join(", ", Services)} and may be followed by a colon and its port (8110=analyzer:8110)",
            TryParse,
            ports => ports.Count == 0 ? "none" : string.Join(',', ports)
        );

    /// <summary>As the setting writes it.</summary>
    public override string ToString() => $"{Port}={Service}{(Target is { } target ? $":{target}" : "")}";

    private static bool TryParse(string text, out IReadOnlyList<ServicePort> value)
    {
        var ports = new List<ServicePort>();
        value = ports;
        foreach (var entry in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.Split('=') is not [var port, var service] || service.Split(':') is not [var name, .. { Length: < 2 } target])
                return false;
            if (!IsPort(port, out var number) || !Services.Contains(name))
                return false;
            int? behind = null;
            if (target is [var given])
            {
                if (!IsPort(given, out var there))
                    return false;
                behind = there;
            }
            ports.Add(new ServicePort(number, name, behind));
        }
        return ports.DistinctBy(port => port.Port).Count() == ports.Count;
    }

    private static bool IsPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and < 65536;
}
