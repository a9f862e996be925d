using System.Net;
using System.Net.Sockets;

namespace TestSupport;

/// <summary>Ports nobody listens on.</summary>
public static class FreePort
{
    /// <summary>A port of the loopback address that was free a moment ago and that this process has not handed out before.</summary>
    public static int Next()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            lock (Given)
            {
                if (Given.Add(port))
                    return port;
            }
        }
    }

    private static readonly HashSet<int> Given = [];
}
