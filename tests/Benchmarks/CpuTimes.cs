using System.Globalization;
using TestSupport;

namespace Benchmarks;

/// <summary>What processor time everybody used since this was made: on one machine that is what the parts of a platform compete for.</summary>
internal sealed class CpuTimes
{
    private readonly List<(string Name, int Process, double Before)> _parts;
    private readonly (double Busy, double All) _machine = Machine();

    public CpuTimes(params (string Name, int Process)[] parts) =>
        _parts = [.. parts.Append(("client", Environment.ProcessId)).Select(part => (part.Item1, part.Item2, SecondsOf(part.Item2)))];

    /// <summary>The parts of a deployment, its database and its broker.</summary>
    public static CpuTimes Of(Deployment? platform, DatabaseServer database, KafkaServer kafka) =>
        new([
            .. platform?.Receivers.Where(IsRunning).Select(process => ("Receiver", process.Process.Id)) ?? [],
            .. platform?.Storages.Where(IsRunning).Select(process => ("Storage", process.Process.Id)) ?? [],
            ("database", database.Process.Id),
            ("Kafka", kafka.ProcessId()),
        ]);

    /// <summary>Microseconds of processor time for each of <paramref name="events"/>, and what else kept the machine busy.</summary>
    public string PerEvent(long events)
    {
        var used = _parts.Select(part => (part.Name, Seconds: SecondsOf(part.Process) - part.Before)).ToList();
        var (busy, all) = Machine();
        var others = busy - _machine.Busy - used.Sum(part => part.Seconds);
        var text = string.Join(
            " + ",
            used.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Name} {part.Seconds / Math.Max(1, events) * 1e6:0}"))
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"µs of processor per event: {text} = {used.Sum(part => part.Seconds) / Math.Max(1, events) * 1e6:0}; machine {(busy - _machine.Busy) / (all - _machine.All):0%} busy, {Math.Max(0, others) / (all - _machine.All):0%} with others"
        );
    }

    /// <summary>The processor time a process has used so far, in seconds.</summary>
    public static double SecondsOf(int process)
    {
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) / 100.0;
    }

    private static bool IsRunning(ServiceProcess process) => process.IsRunning;

    // Everything but idle (fourth) and waiting for a disk (fifth).
    private static (double Busy, double All) Machine()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9].Select(Number).ToArray();
        var all = fields.Sum();
        return ((all - fields[3] - fields[4]) / 100.0, all / 100.0);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
