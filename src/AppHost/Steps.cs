using System.Diagnostics;
using System.Globalization;

namespace AppHost;

/// <summary>Tells on the console what takes time: a line when a step is not done after 2 s, and its time at the end.</summary>
internal static class Steps
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(string what, Func<Task> step)
    {
        var clock = Stopwatch.StartNew();
        var work = step();
        if (await Task.WhenAny(work, Task.Delay(Patience)) != work)
            Say($"{what} ...");
        await work;
        if (clock.Elapsed > Patience)
            Say($"{what}: {Seconds(clock.Elapsed)}");
    }

    public static void Say(string line)
    {
        lock (Console.Out)
            Console.WriteLine(line);
    }

    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
