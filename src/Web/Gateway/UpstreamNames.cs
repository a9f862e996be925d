using System.Net;

namespace Web.Gateway;

/// <summary>Looks up the addresses of a host name.</summary>
internal interface IUpstreamNames
{
    /// <exception cref="System.Net.Sockets.SocketException">The name is not known.</exception>
    Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken);
}

/// <summary>As the machine's own resolver answers.</summary>
internal sealed class SystemNames : IUpstreamNames
{
    public Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken) =>
        Dns.GetHostAddressesAsync(host, cancellationToken);
}
