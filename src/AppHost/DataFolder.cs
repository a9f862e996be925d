using System.Globalization;

namespace AppHost;

/// <summary>The folder that holds all data and logs, used by one host at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(FileStream @lock) => _lock = @lock;

    /// <exception cref="UsageException">Another host uses the folder.</exception>
    public static DataFolder Open(string path)
    {
        Directory.CreateDirectory(path);
        var holder = Path.Combine(path, "host.pid");
        try
        {
            var file = new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DataFolder(file);
        }
        catch (IOException exception)
        {
            var pid = File.Exists(holder) ? File.ReadAllText(holder) : "unknown";
            throw new UsageException(
                $"The platform runs already on {path} (process {pid}): stop it with Ctrl-C there, or start this one with --data FOLDER and other ports.",
                exception
            );
        }
    }

    /// <summary>Removes everything but the lock.</summary>
    public static void Clear(string path)
    {
        foreach (var folder in Directory.GetDirectories(path))
            Directory.Delete(folder, recursive: true);
    }

    public void Dispose() => _lock.Dispose();
}
