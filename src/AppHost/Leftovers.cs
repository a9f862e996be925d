using System.Globalization;

namespace AppHost;

/// <summary>
/// Remembers which processes a run started, so that the next one can end what a crash left behind. A process is known by its id and its
/// start time, because ids are given again.
/// </summary>
internal sealed class Leftovers(string dataFolder)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    private readonly string _folder = Path.Combine(dataFolder, "run");

    public void Remember(string name, int pid)
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, name), $"{pid} {StartTime(pid)}");
    }

    public void Forget(string name) => File.Delete(Path.Combine(_folder, name));

    public async Task EndAllAsync()
    {
        if (!Directory.Exists(_folder))
            return;
        await Task.WhenAll(Directory.GetFiles(_folder).Select(EndAsync));
    }

    private static async Task EndAsync(string file)
    {
        if (Read(file) is { } left && IsAlive(left))
        {
            Steps.Say($"An earlier run left {Path.GetFileName(file)} (process {left.Pid}) behind; it is ended first.");
            Signals.Send(left.Pid, Signals.Terminate);
            var until = DateTime.UtcNow + Grace;
            while (IsAlive(left) && DateTime.UtcNow < until)
                await Task.Delay(50);
            if (IsAlive(left))
                Signals.Send(left.Pid, Signals.Kill);
            while (IsAlive(left))
                await Task.Delay(50);
        }
        File.Delete(file);
    }

    private static (int Pid, string Started)? Read(string file)
    {
        var parts = File.ReadAllText(file).Split(' ');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            ? (pid, parts[1])
            : null;
    }

    private static bool IsAlive((int Pid, string Started) left) => left.Started.Length > 0 && StartTime(left.Pid) == left.Started;

    // Field 22 of /proc/PID/stat, in clock ticks since the machine came up. The second field, the command in brackets, may hold blanks.
    private static string StartTime(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? "" : fields[19];
        }
        catch (IOException)
        {
            return ""; // No such process.
        }
    }
}
