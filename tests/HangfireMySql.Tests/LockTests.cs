using System.Diagnostics;
using Hangfire.MySql;
using Hangfire.MySql.Engine;
using Hangfire.Storage;
using MySqlConnector;
using TestSupport;

namespace HangfireMySql.Tests;

public abstract class LockTests(DatabaseFixture fixture) : StorageTest(fixture)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<DistributedLockMode> Modes => [DistributedLockMode.Session, DistributedLockMode.Table];

    [Theory, MemberData(nameof(Modes)), Trait("Item", "90")]
    public void A_lock_needs_a_resource(DistributedLockMode mode)
    {
        Use(mode);
        foreach (var resource in new[] { null, "", " " })
            Connection()
                .Invoking(c => c.AcquireDistributedLock(resource!, Second))
                .Should()
                .Throw<ArgumentNullException>()
                .WithParameterName("resource");
        Connection()
            .Invoking(c => c.AcquireDistributedLock("x", -Second))
            .Should()
            .Throw<ArgumentOutOfRangeException>()
            .WithParameterName("timeout");
    }

    [Theory, MemberData(nameof(Modes)), Trait("Item", "91"), Trait("Item", "92"), Trait("Item", "93")]
    public void A_lock_is_held_by_one_and_free_afterwards(DistributedLockMode mode)
    {
        Use(mode);
        var (holder, other) = (Connection(), Connection());
        var held = holder.AcquireDistributedLock("resource", Second);
        foreach (var timeout in new[] { TimeSpan.Zero, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(1.5) })
        {
            var clock = Stopwatch.StartNew();
            other
                .Invoking(c => c.AcquireDistributedLock("resource", timeout))
                .Should()
                .Throw<DistributedLockTimeoutException>()
                .Which.Resource.Should()
                .EndWith("resource");
            clock.Elapsed.Should().BeGreaterThanOrEqualTo(timeout - TimeSpan.FromMilliseconds(20)).And.BeLessThan(timeout + Second);
        }
        other.AcquireDistributedLock("another", TimeSpan.Zero).Dispose();
        held.Dispose();
        held.Dispose();
        using (other.AcquireDistributedLock("resource", TimeSpan.Zero))
            held.Dispose();
        other.AcquireDistributedLock("resource", TimeSpan.Zero).Dispose();
    }

    [Theory, MemberData(nameof(Modes)), Trait("Item", "91")]
    public void Many_clients_take_turns(DistributedLockMode mode)
    {
        Use(mode);
        Storage.GetMonitoringApi().Servers();
        var inside = 0;
        var most = 0;
        InParallel(
            8,
            _ =>
            {
                for (var i = 0; i < 5; i++)
                {
                    using var connection = Storage.GetConnection();
                    using (connection.AcquireDistributedLock("turns", TimeSpan.FromSeconds(60)))
                    {
                        most = Math.Max(most, Interlocked.Increment(ref inside));
                        Thread.Yield();
                        Interlocked.Decrement(ref inside);
                    }
                }
            }
        );
        most.Should().Be(1);
        Count("distributed_lock").Should().Be(0);
    }

    [Theory, MemberData(nameof(Modes)), Trait("Item", "94")]
    public void A_connection_may_take_its_own_lock_again(DistributedLockMode mode)
    {
        Use(mode);
        var connection = Connection();
        var outer = connection.AcquireDistributedLock("resource", Second);
        var inner = connection.AcquireDistributedLock("resource", TimeSpan.Zero);
        inner.Dispose();
        inner.Dispose();
        IsFree("resource").Should().BeFalse();
        outer.Dispose();
        IsFree("resource").Should().BeTrue();
    }

    [Fact, Trait("Item", "95")]
    public void Under_a_lock_everything_goes_through_its_session()
    {
        var connection = Connection();
        using var held = connection.AcquireDistributedLock("resource", Second);
        Execute($"KILL {Sessions("resource").Single()}");
        connection.Invoking(c => c.GetAllItemsFromSet("key")).Should().Throw<Exception>("the session was the lock");
        connection
            .Invoking(c => c.SetRangeInHash("key", [new("a", "1")]))
            .Should()
            .Throw<DistributedLockLostException>()
            .WithMessage("*resource*");
        Count("hash").Should().Be(0);
        // A new lock has a session of its own.
        using (connection.AcquireDistributedLock("second", Second))
            connection.SetRangeInHash("key", [new("a", "1")]);
        held.Dispose();
        connection.GetAllEntriesFromHash("key").Should().HaveCount(1);
    }

    [Fact, Trait("Item", "96")]
    public void Killing_the_session_frees_the_lock_and_the_keeper_notices()
    {
        var connection = Connection();
        using var held = connection.AcquireDistributedLock("resource", Second);
        Storage.Keeper.Look(TimeSpan.Zero);
        IsFree("resource").Should().BeFalse();
        Execute($"KILL {Sessions("resource").Single()}");
        using var other = Connection().AcquireDistributedLock("resource", TimeSpan.FromSeconds(5));
        Storage.Keeper.Look(TimeSpan.Zero);
        connection.Invoking(c => c.GetUtcDateTime()).Should().Throw<DistributedLockLostException>();
        held.Dispose();
        IsFree("resource").Should().BeFalse("the other holds it");
    }

    [Theory, MemberData(nameof(Modes)), Trait("Item", "96")]
    public async Task A_killed_process_leaves_no_lock_for_long(DistributedLockMode mode)
    {
        Use(mode);
        Storage.GetMonitoringApi().Servers();
        if (mode == DistributedLockMode.Table)
        {
            // What a killed process leaves: a row that nobody moves on.
            Execute(
                $"INSERT INTO `{Prefix}distributed_lock` VALUES ('{LockName.For("hangfire_tests", Prefix, "resource")}', 7, UTC_TIMESTAMP(6) + INTERVAL 1 SECOND)"
            );
            IsFree("resource").Should().BeFalse();
        }
        else
        {
            var process = await StartWorkerAsync("lock", ConnectionString, Prefix, "resource");
            await using var _ = process;
            await Eventually.HoldsAsync(() => process.Output.Contains("locked", StringComparison.Ordinal), "the process has the lock");
            IsFree("resource").Should().BeFalse();
            await process.KillAsync();
        }
        Connection().AcquireDistributedLock("resource", TimeSpan.FromSeconds(10)).Dispose();
    }

    [Fact, Trait("Item", "96")]
    public void A_row_lock_is_moved_on_while_held_and_known_to_be_lost_when_another_took_it()
    {
        Use(DistributedLockMode.Table);
        var connection = Connection();
        var held = connection.AcquireDistributedLock("resource", Second);
        Execute($"UPDATE `{Prefix}distributed_lock` SET expires_at = UTC_TIMESTAMP(6) + INTERVAL 1 SECOND");
        Storage.Keeper.Look(TimeSpan.Zero);
        Count("distributed_lock", "expires_at > UTC_TIMESTAMP(6) + INTERVAL 10 SECOND").Should().Be(1);

        Execute($"UPDATE `{Prefix}distributed_lock` SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND");
        using var other = Connection().AcquireDistributedLock("resource", TimeSpan.Zero);
        Storage.Keeper.Look(TimeSpan.Zero);
        connection.Invoking(c => c.GetUtcDateTime()).Should().Throw<DistributedLockLostException>();
        held.Dispose();
        Count("distributed_lock").Should().Be(1, "the other's row is not deleted");
    }

    [Theory, MemberData(nameof(Modes)), Trait("Item", "97"), Trait("Item", "98")]
    public async Task Long_names_work_and_other_storages_do_not_collide(DistributedLockMode mode)
    {
        Use(mode);
        var name = new string('r', 300);
        using var held = Connection().AcquireDistributedLock(name, Second);
        IsFree(name).Should().BeFalse();
        IsFree(name[..299]).Should().BeTrue();
        using var otherPrefix = NewStorage(options =>
        {
            options.TablesPrefix = "locktests_b_";
            options.DistributedLockMode = mode;
        });
        using var otherDatabase = NewStorage(options => options.DistributedLockMode = mode, await Server.NewDatabaseAsync("locks"));
        foreach (var storage in new[] { otherPrefix, otherDatabase })
        {
            using var connection = storage.GetConnection();
            connection.AcquireDistributedLock(name, TimeSpan.Zero).Dispose();
        }
    }

    [Theory, MemberData(nameof(Modes)), Trait("Item", "99")]
    public void Two_locks_in_opposite_order_end_in_time(DistributedLockMode mode)
    {
        Use(mode);
        Storage.GetMonitoringApi().Servers();
        var timeouts = 0;
        using var both = new Barrier(2);
        var clock = Stopwatch.StartNew();
        InParallel(
            2,
            number =>
            {
                using var connection = Storage.GetConnection();
                using var first = connection.AcquireDistributedLock(number == 0 ? "a" : "b", Second);
                both.SignalAndWait();
                try
                {
                    connection.AcquireDistributedLock(number == 0 ? "b" : "a", TimeSpan.FromSeconds(1.5)).Dispose();
                }
                catch (DistributedLockTimeoutException)
                {
                    Interlocked.Increment(ref timeouts);
                }
            }
        );
        timeouts.Should().BePositive();
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(6));
        IsFree("a").Should().BeTrue();
        IsFree("b").Should().BeTrue();
    }

    [Fact]
    public void A_lock_takes_no_connection_when_it_was_not_had_and_gives_it_back_after()
    {
        using var storage = NewStorage(connectionString: ConnectionString + ";Maximum Pool Size=3;Connection Timeout=5");
        using var connection = storage.GetConnection();
        using var held = Connection().AcquireDistributedLock("resource", Second);
        for (var i = 0; i < 10; i++)
        {
            connection.Invoking(c => c.AcquireDistributedLock("resource", TimeSpan.Zero)).Should().Throw<DistributedLockTimeoutException>();
            connection.AcquireDistributedLock($"free {i}", TimeSpan.Zero).Dispose();
            storage.GetConnection().GetStateData("1").Should().BeNull();
        }
    }

    private void Use(DistributedLockMode mode) => Configure(options => options.DistributedLockMode = mode);

    private bool IsFree(string resource)
    {
        using var connection = Storage.GetConnection();
        try
        {
            connection.AcquireDistributedLock(resource, TimeSpan.Zero).Dispose();
            return true;
        }
        catch (DistributedLockTimeoutException)
        {
            return false;
        }
    }

    private List<long> Sessions(string resource) =>
        Query(
            $"SELECT IS_USED_LOCK('{LockName.For("hangfire_tests", Prefix, resource)}')",
            row => Convert.ToInt64(row.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)
        );
}

[Collection(OnMariaDb.Name)]
public sealed class LocksOnMariaDb(MariaDbFixture fixture) : LockTests(fixture);

[Collection(OnMySql.Name)]
public sealed class LocksOnMySql(MySqlFixture fixture) : LockTests(fixture);
