using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TestSupport;

namespace AppHost.Tests;

public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_taken_port_is_told_with_its_holder_and_the_setting_that_moves_it()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;

        var check = () => PortCheck.Require(port, "receiver", "Ports__Receiver");

        check.Should().Throw<UsageException>().WithMessage($"Port {port}*receiver*process {Environment.ProcessId} *Ports__Receiver*");
    }

    [Fact]
    public void A_second_host_on_the_same_data_is_refused_with_the_first_ones_process()
    {
        using var first = DataFolder.Open(_folder.Path);

        var second = () => DataFolder.Open(_folder.Path);

        second.Should().Throw<UsageException>().WithMessage($"*process {Environment.ProcessId}*");
    }

    [Fact]
    public async Task What_an_earlier_run_left_behind_is_ended()
    {
        using var left = Process.Start("sleep", "600");
        var leftovers = new Leftovers(_folder.Path);
        leftovers.Remember("storage", left.Id);

        await leftovers.EndAllAsync();

        left.WaitForExit(TimeSpan.FromSeconds(10)).Should().BeTrue();
        Directory.GetFiles(Path.Combine(_folder.Path, "run")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_process_that_only_has_the_same_id_is_left_alone()
    {
        using var other = Process.Start("sleep", "600");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "run"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "run", "storage"), $"{other.Id} 1", TestContext.Current.CancellationToken);

        await new Leftovers(_folder.Path).EndAllAsync();

        other.HasExited.Should().BeFalse();
        other.Kill();
    }

    [Fact]
    public async Task A_process_that_dies_is_started_again()
    {
        var starts = Path.Combine(_folder.Path, "starts");
        var spec = new ChildSpec("service", "/bin/sh", ["-c", $"echo start >> {starts}; exit 7"], new Dictionary<string, string>(), true);
        using var supervised = new Supervised(spec, _folder.Path, new Leftovers(_folder.Path));

        supervised.Start();
        await Eventually.HoldsAsync(() => File.Exists(starts) && File.ReadAllLines(starts).Length >= 2, "it was started twice");
        await supervised.StopAsync(TimeSpan.FromSeconds(5));

        var count = File.ReadAllLines(starts).Length;
        File.ReadAllLines(starts).Should().HaveCount(count);
    }

    [Fact]
    public async Task Stopping_sends_SIGTERM_and_SIGKILL_only_to_what_does_not_listen()
    {
        var polite = Path.Combine(_folder.Path, "polite");
        string[] listens = ["-c", $"trap 'echo bye > {polite}; exit 0' TERM; echo up; while :; do sleep 0.1; done"];
        string[] deaf = ["-c", "trap '' TERM; echo up; while :; do sleep 0.1; done"];
        using var first = Start("polite", listens);
        using var second = Start("deaf", deaf);
        await Eventually.HoldsAsync(
            () =>
                Directory.GetFiles(_folder.Path, "*.out").Count(file => new FileInfo(file).Length > 0) == 2
                && File.Exists(Path.Combine(_folder.Path, "run", "deaf")),
            "both have set their traps and are written down"
        );
        var pid = int.Parse(
            (await File.ReadAllTextAsync(Path.Combine(_folder.Path, "run", "deaf"))).Split(' ')[0],
            CultureInfo.InvariantCulture
        );

        await Task.WhenAll(first.StopAsync(TimeSpan.FromSeconds(10)), second.StopAsync(TimeSpan.FromSeconds(1)));

        File.Exists(polite).Should().BeTrue();
        Directory.Exists($"/proc/{pid}").Should().BeFalse();
        Directory.GetFiles(Path.Combine(_folder.Path, "run")).Should().BeEmpty();
    }

    public void Dispose() => _folder.Dispose();

    private Supervised Start(string name, string[] arguments)
    {
        var spec = new ChildSpec(name, "/bin/sh", arguments, new Dictionary<string, string>(), WatchesParent: false);
        var supervised = new Supervised(spec, _folder.Path, new Leftovers(_folder.Path));
        supervised.Start();
        return supervised;
    }
}
