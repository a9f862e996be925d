using Hangfire.Common;
using Hangfire.Storage;
using TestSupport;

namespace HangfireMySql.Tests;

public abstract class CollectionTests(DatabaseFixture fixture) : StorageTest(fixture)
{
    [Fact, Trait("Item", "34")]
    public void Every_read_needs_a_key()
    {
        var connection = Connection();
        Action<JobStorageConnection>[] reads =
        [
            c => c.GetAllItemsFromSet(null!),
            c => c.GetFirstByLowestScoreFromSet(null!, 0, 1),
            c => c.GetFirstByLowestScoreFromSet(null!, 1, 0, 0),
            c => c.GetSetCount((string)null!),
            c => c.GetSetCount(null!, 1),
            c => c.GetSetContains(null!, "x"),
            c => c.GetSetContains("x", null!),
            c => c.GetRangeFromSet(null!, 0, 1),
            c => c.GetSetTtl(null!),
            c => c.SetRangeInHash(null!, []),
            c => c.SetRangeInHash("x", null!),
            c => c.GetAllEntriesFromHash(null!),
            c => c.GetValueFromHash(null!, "x"),
            c => c.GetValueFromHash("x", null!),
            c => c.GetHashCount(null!),
            c => c.GetHashTtl(null!),
            c => c.GetListCount(null!),
            c => c.GetAllItemsFromList(null!),
            c => c.GetRangeFromList(null!, 0, 1),
            c => c.GetListTtl(null!),
            c => c.GetCounter(null!),
        ];
        foreach (var read in reads)
            connection.Invoking(read).Should().Throw<ArgumentNullException>();
        connection
            .Invoking(c => c.GetFirstByLowestScoreFromSet(null!, 1, 0, 0))
            .Should()
            .Throw<ArgumentNullException>()
            .WithParameterName("key");
    }

    [Fact, Trait("Item", "35")]
    public void What_is_empty_reads_as_empty_and_a_hash_as_null()
    {
        var connection = Connection();
        connection.GetAllItemsFromSet("none").Should().BeEmpty();
        connection.GetAllEntriesFromHash("none").Should().BeNull();
        connection.GetAllItemsFromList("none").Should().BeEmpty();
        connection.GetRangeFromSet("none", 0, 10).Should().BeEmpty();
    }

    [Fact, Trait("Item", "36"), Trait("Item", "37")]
    public void The_lowest_scores_come_first()
    {
        Commit(transaction =>
        {
            transaction.AddToSet("key", "1.0", 1);
            transaction.AddToSet("key", "-1.0", -1);
            transaction.AddToSet("key", "-5.0", -5);
            transaction.AddToSet("key", "-2.0", -2);
            transaction.AddToSet("other", "-2.5", -2.5);
        });
        var connection = Connection();
        connection.GetFirstByLowestScoreFromSet("key", -3, 3).Should().Be("-2.0");
        connection.GetFirstByLowestScoreFromSet("key", 5, 10).Should().BeNull();
        connection.GetFirstByLowestScoreFromSet("key", double.NegativeInfinity, double.PositiveInfinity).Should().Be("-5.0");
        connection
            .Invoking(c => c.GetFirstByLowestScoreFromSet("key", 1, 0))
            .Should()
            .Throw<ArgumentException>()
            .WithParameterName("toScore");
        connection
            .Invoking(c => c.GetFirstByLowestScoreFromSet("key", 0, 1, 0))
            .Should()
            .Throw<ArgumentException>()
            .WithParameterName("count");
        connection
            .Invoking(c => c.GetFirstByLowestScoreFromSet("key", 0, 1, -1))
            .Should()
            .Throw<ArgumentException>()
            .WithParameterName("count");
        connection.GetFirstByLowestScoreFromSet("key", -5, 5, 2).Should().Equal("-5.0", "-2.0");
        connection.GetFirstByLowestScoreFromSet("key", -3, 5, 100).Should().Equal("-2.0", "-1.0", "1.0");
    }

    [Fact, Trait("Item", "38")]
    public void Scores_are_exact_to_the_second()
    {
        var now = JobHelper.ToTimestamp(new DateTime(2026, 11, 13, 2, 0, 1, DateTimeKind.Utc));
        Commit(transaction => transaction.AddToSet("schedule", "id", now));
        var connection = Connection();
        connection.GetFirstByLowestScoreFromSet("schedule", 0, now - 1).Should().BeNull();
        connection.GetFirstByLowestScoreFromSet("schedule", 0, now).Should().Be("id");
        Scalar($"SELECT CAST(score AS SIGNED) FROM `{Prefix}set`").Should().Be($"{now}");
    }

    [Fact, Trait("Item", "39"), Trait("Item", "40")]
    public void Sets_are_counted_over_keys_up_to_a_limit()
    {
        Commit(transaction =>
        {
            transaction.AddRangeToSet("a", ["1", "2", "3"]);
            transaction.AddRangeToSet("b", ["3", "4"]);
        });
        var connection = Connection();
        connection.GetSetCount("a").Should().Be(3);
        connection.GetSetCount("none").Should().Be(0);
        connection.GetSetCount(["a", "b", "none"], 100).Should().Be(5);
        connection.GetSetCount(["a", "a"], 100).Should().Be(3);
        connection.GetSetCount(["a", "b"], 4).Should().Be(4);
        connection.GetSetCount(["a"], 0).Should().Be(0);
        connection.GetSetCount([], 10).Should().Be(0);
        connection.Invoking(c => c.GetSetCount(["a"], -1)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("limit");

        connection.GetSetContains("a", "1").Should().BeTrue();
        connection.GetSetContains("a", "4").Should().BeFalse();
        connection.GetSetContains("none", "1").Should().BeFalse();
        connection.GetSetContains("A", "1").Should().BeFalse();
    }

    [Fact, Trait("Item", "41")]
    public void A_range_of_a_set_is_inclusive_and_by_score()
    {
        Commit(transaction =>
        {
            foreach (var (value, score) in new[] { ("e", 5), ("a", 1), ("d", 4), ("b", 2), ("c", 3) })
                transaction.AddToSet("key", value, score);
        });
        var connection = Connection();
        connection.GetRangeFromSet("key", 0, 4).Should().Equal("a", "b", "c", "d", "e");
        connection.GetRangeFromSet("key", 1, 2).Should().Equal("b", "c");
        connection.GetRangeFromSet("key", 3, 100).Should().Equal("d", "e");
        connection.GetRangeFromSet("key", 2, 1).Should().BeEmpty();
        connection.GetRangeFromSet("key", 0, int.MaxValue).Should().HaveCount(5);
    }

    [Fact, Trait("Item", "42"), Trait("Item", "63")]
    public void Entries_expire_and_persist_with_their_key()
    {
        var connection = Connection();
        TimeSpan[] Ttls(string key) => [connection.GetSetTtl(key), connection.GetHashTtl(key), connection.GetListTtl(key)];
        Ttls("key").Should().AllSatisfy(ttl => ttl.Should().Be(TimeSpan.FromSeconds(-1)));
        Commit(transaction =>
        {
            foreach (var key in new[] { "key", "other" })
            {
                transaction.AddRangeToSet(key, ["1", "2"]);
                transaction.SetRangeInHash(key, [new("a", "1"), new("b", "2")]);
                transaction.InsertToList(key, "1");
                transaction.InsertToList(key, "2");
            }
        });
        Ttls("key").Should().AllSatisfy(ttl => ttl.Should().Be(TimeSpan.FromSeconds(-1)));
        Commit(transaction =>
        {
            transaction.ExpireSet("key", TimeSpan.FromHours(1));
            transaction.ExpireHash("key", TimeSpan.FromHours(1));
            transaction.ExpireList("key", TimeSpan.FromHours(1));
        });
        Ttls("key").Should().AllSatisfy(ttl => ttl.Should().BeCloseTo(TimeSpan.FromHours(1), TimeSpan.FromSeconds(20)));
        Ttls("other").Should().AllSatisfy(ttl => ttl.Should().Be(TimeSpan.FromSeconds(-1)));
        foreach (var table in new[] { "set", "hash", "list" })
            Count(table, "expire_at IS NOT NULL").Should().Be(2);
        Commit(transaction =>
        {
            transaction.PersistSet("key");
            transaction.PersistHash("key");
            transaction.PersistList("key");
        });
        Ttls("key").Should().AllSatisfy(ttl => ttl.Should().Be(TimeSpan.FromSeconds(-1)));
    }

    [Fact, Trait("Item", "43"), Trait("Item", "47")]
    public void A_hash_merges_what_is_set()
    {
        var connection = Connection();
        connection.SetRangeInHash("key", [new("a", "1"), new("b", "2")]);
        connection.SetRangeInHash("key", [new("b", "3"), new("c", null!)]);
        connection.SetRangeInHash("key", []);
        connection
            .GetAllEntriesFromHash("key")
            .Should()
            .Equal(
                new Dictionary<string, string?>
                {
                    ["a"] = "1",
                    ["b"] = "3",
                    ["c"] = null,
                }
            );
        connection.GetHashCount("key").Should().Be(3);
        connection.GetHashCount("none").Should().Be(0);
        connection.GetValueFromHash("key", "b").Should().Be("3");
        connection.GetValueFromHash("key", "c").Should().BeNull();
        connection.GetValueFromHash("key", "none").Should().BeNull();
        connection.GetValueFromHash("none", "a").Should().BeNull();

        connection.Invoking(c => c.SetRangeInHash(new string('k', 201), [new("a", "1")])).Should().Throw<ArgumentException>();
        connection
            .Invoking(c => c.SetRangeInHash("key", [new("d", "1"), new(new string('f', 201), "1")]))
            .Should()
            .Throw<ArgumentException>();
        connection.GetHashCount("key").Should().Be(3, "nothing of a refused change is done");
        Count("hash").Should().Be(3);
    }

    [Fact, Trait("Item", "44")]
    public void A_list_has_the_newest_first()
    {
        Commit(transaction =>
        {
            for (var i = 1; i <= 5; i++)
                transaction.InsertToList("key", $"{i}");
            transaction.InsertToList("other", "x");
        });
        var connection = Connection();
        connection.GetAllItemsFromList("key").Should().Equal("5", "4", "3", "2", "1");
        connection.GetRangeFromList("key", 1, 2).Should().Equal("4", "3");
        connection.GetRangeFromList("key", 4, 9).Should().Equal("1");
        connection.GetRangeFromList("key", 5, 9).Should().BeEmpty();
        connection.GetListCount("key").Should().Be(5);
        connection.GetListCount("none").Should().Be(0);
    }

    [Fact, Trait("Item", "45")]
    public void A_counter_is_the_sum_of_both_tables()
    {
        Connection().GetCounter("key").Should().Be(0);
        Commit(transaction => transaction.IncrementCounter("key"));
        Commit(transaction => transaction.IncrementCounter("other"));
        Connection().GetCounter("key").Should().Be(1);
        Execute($"INSERT INTO `{Prefix}aggregated_counter` (`key`, value) VALUES ('key', 10000000000)");
        Connection().GetCounter("key").Should().Be(10_000_000_001);
    }

    [Fact, Trait("Item", "46")]
    public void The_clock_is_the_databases_in_utc()
    {
        var now = Connection().GetUtcDateTime();
        now.Kind.Should().Be(DateTimeKind.Utc);
        now.Should().BeCloseTo(DateTime.UtcNow, TimeSpan.FromSeconds(1));
    }

    [Fact, Trait("Item", "48")]
    public void Keys_that_differ_by_case_are_different()
    {
        Commit(transaction =>
        {
            foreach (var key in new[] { "key", "KEY", "ké" })
            {
                transaction.AddToSet(key, key);
                transaction.AddToSet(key, key.ToUpperInvariant() + "!");
                transaction.SetRangeInHash(key, [new(key, key), new(key + "K", "x"), new(key + "k", "y")]);
                transaction.InsertToList(key, key);
                transaction.IncrementCounter(key);
            }
        });
        var connection = Connection();
        foreach (var key in new[] { "key", "KEY", "ké" })
        {
            connection.GetSetCount(key).Should().Be(2);
            connection.GetHashCount(key).Should().Be(3);
            connection.GetAllItemsFromList(key).Should().Equal(key);
            connection.GetCounter(key).Should().Be(1);
        }
        connection.GetSetCount("Key").Should().Be(0);
    }
}

[Collection(OnMariaDb.Name)]
public sealed class CollectionsOnMariaDb(MariaDbFixture fixture) : CollectionTests(fixture);

[Collection(OnMySql.Name)]
public sealed class CollectionsOnMySql(MySqlFixture fixture) : CollectionTests(fixture);
