using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TestSupport;

/// <summary>
/// Ports nobody listens on. They lie below those that the system gives to outgoing connections: one of these could be taken between the
/// look and the start of the server, or while a server that a test has stopped is away.
/// </summary>
public static class FreePort
{
    private const int Lowest = 10_240;
    private static readonly int FirstOutgoing = ReadFirstOutgoing();
    private static readonly HashSet<int> Given = [];

    /// <summary>A port of the loopback address that was free a moment ago and that this process has not handed out before.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(Lowest, FirstOutgoing);
            lock (Given)
            {
                if (!Given.Contains(port) && IsFree(port) && Given.Add(port))
                    return port;
            }
        }
    }

    /// <summary>Whether nobody listens on a port of the loopback address.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int ReadFirstOutgoing()
    {
        const string file = "/proc/sys/net/ipv4/ip_local_port_range";
        var first = File.Exists(file) ? int.Parse(File.ReadAllText(file).Split((char[]?)null)[0], CultureInfo.InvariantCulture) : 32_768;
        // Where outgoing connections may use nearly everything there is no better place.
        return first > Lowest + 1_000 ? first : 65_000;
    }
}
