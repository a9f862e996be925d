using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AppHost;

/// <summary>Finds out before the start whether a port is taken, and by whom.</summary>
internal static class PortCheck
{
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <exception cref="UsageException">Somebody listens there.</exception>
    public static void Require(int port, string what, string setting)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As servers do it, so that connections of an earlier run that are still closing do not count.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            socket.Listen();
        }
        catch (SocketException exception)
        {
            throw new UsageException(
                $"Port {port}, where the {what} shall listen, is in use by {Holder(port) ?? "another process"}: end it, or choose another port with {setting}=NUMBER.",
                exception
            );
        }
    }

    private static string? Holder(int port)
    {
        var inodes = Tables.Where(File.Exists).SelectMany(File.ReadLines).Select(line => Listening(line, port));
        foreach (var inode in inodes.OfType<string>())
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
            {
                if (Sockets(process).Contains($"socket:[{inode}]"))
                    return $"process {Path.GetFileName(process)} ({File.ReadAllText(Path.Combine(process, "comm")).Trim()})";
            }
        }
        return null;
    }

    // Columns: number, local address:port in hexadecimal, remote, state (0A = listening), ..., inode as the tenth.
    private static string? Listening(string line, int port)
    {
        var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return
            columns.Length > 9
            && columns[3] == "0A"
            && int.TryParse(columns[1].AsSpan(columns[1].LastIndexOf(':') + 1), NumberStyles.HexNumber, null, out var local)
            && local == port
            ? columns[9]
            : null;
    }

    private static HashSet<string> Sockets(string process)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFiles(Path.Combine(process, "fd")).Select(file => new FileInfo(file).LinkTarget).OfType<string>(),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return []; // It has ended meanwhile, or belongs to somebody else.
        }
    }
}
