using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;

namespace ServiceDefaults;

/// <summary>Ports that a service listens on.</summary>
public static class Listening
{
    /// <summary>
    /// Listens on a port of <c>Server:Address</c>. Every connection carries <paramref name="mark"/> as a feature: that is how the port a
    /// request came in at is known, also where the system chose it.
    /// </summary>
    public static void ListenOn<TMark>(this KestrelServerOptions kestrel, IConfiguration settings, int port, TMark mark)
        where TMark : class
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        var address = Settings.ServerAddress.Read(settings);
        if (address == "*")
            kestrel.ListenAnyIP(port, Mark);
        else
            kestrel.Listen(IPAddress.Parse(address), port, Mark);

        void Mark(ListenOptions options)
        {
            options.Protocols = HttpProtocols.Http1;
            options.Use(next =>
                connection =>
                {
                    connection.Features.Set(mark);
                    return next(connection);
                }
            );
        }
    }
}
