using System.Text;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using HangfireMySql.Worker;
using TestSupport;

namespace HangfireMySql.Tests;

public abstract class JobTests(DatabaseFixture fixture) : StorageTest(fixture)
{
    [Fact, Trait("Item", "14")]
    public void A_job_needs_a_call_and_parameters()
    {
        var connection = Connection();
        connection
            .Invoking(c => c.CreateExpiredJob(null!, new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.Zero))
            .Should()
            .Throw<ArgumentNullException>()
            .WithParameterName("job");
        connection
            .Invoking(c => c.CreateExpiredJob(AJob(), null!, DateTime.UtcNow, TimeSpan.Zero))
            .Should()
            .Throw<ArgumentNullException>()
            .WithParameterName("parameters");
    }

    [Fact, Trait("Item", "15")]
    public void A_new_job_has_a_number_an_end_and_no_state()
    {
        var createdAt = new DateTime(2025, 3, 4, 5, 6, 7, DateTimeKind.Utc);
        var id = Connection().CreateExpiredJob(AJob(), new Dictionary<string, string>(), createdAt, TimeSpan.FromDays(1));
        long.Parse(id).Should().BePositive();
        Query(
                $"SELECT state_name, state_id, created_at, expire_at FROM `{Prefix}job` WHERE id = {id}",
                row => (row.GetValue(0), row.GetValue(1), row.GetDateTime(2), row.GetDateTime(3))
            )
            .Should()
            .Equal((DBNull.Value, DBNull.Value, createdAt, createdAt.AddDays(1)));
    }

    [Theory, Trait("Item", "16")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(60)]
    public void A_job_keeps_any_number_of_parameters(int count)
    {
        var parameters = Enumerable
            .Range(0, count)
            .ToDictionary(number => $"name {number}", number => number % 3 == 2 ? null! : $"value {number}");
        var id = Connection().CreateExpiredJob(AJob(), parameters, DateTime.UtcNow, TimeSpan.FromHours(1));
        Connection().GetJobData(id)!.ParametersSnapshot.Should().Equal(parameters);
        Count("job_parameter").Should().Be(count);
    }

    [Fact, Trait("Item", "17"), Trait("Item", "65")]
    public void Numbers_may_be_beyond_32_bits()
    {
        NewJob();
        Execute(
            $"ALTER TABLE `{Prefix}job` AUTO_INCREMENT = {int.MaxValue * 3L}; ALTER TABLE `{Prefix}job_queue` AUTO_INCREMENT = {int.MaxValue * 3L}"
        );
        var id = Enqueued();
        long.Parse(id).Should().BeGreaterThan(uint.MaxValue);
        Connection().SetJobParameter(id, "name", "value");
        Commit(transaction =>
        {
            transaction.SetJobState(id, new ScheduledState(TimeSpan.FromDays(1)));
            transaction.ExpireJob(id, TimeSpan.FromHours(1));
            transaction.PersistJob(id);
        });
        Connection().GetJobParameter(id, "name").Should().Be("value");
        Connection().GetStateData(id)!.Name.Should().Be("Scheduled");
        using var fetched = Fetch();
        fetched.JobId.Should().Be(id);
        fetched.RemoveFromQueue();
        Count("job_queue").Should().Be(0);
        Monitoring.JobDetails(id)!.History.Should().HaveCount(2);
    }

    [Fact, Trait("Item", "18"), Trait("Item", "22")]
    public void What_is_not_there_is_null_and_so_is_a_foreign_id()
    {
        var connection = Connection();
        connection.Invoking(c => c.GetJobData(null!)).Should().Throw<ArgumentNullException>();
        connection.Invoking(c => c.GetStateData(null!)).Should().Throw<ArgumentNullException>();
        foreach (var id in new[] { "1234567", "a-guid", "", "-1", "99999999999999999999999" })
        {
            connection.GetJobData(id).Should().BeNull();
            connection.GetStateData(id).Should().BeNull();
        }
        connection.GetStateData(NewJob()).Should().BeNull("it has no state yet");
    }

    [Fact, Trait("Item", "19")]
    public void A_jobs_data_is_whole()
    {
        var createdAt = new DateTime(2025, 3, 4, 5, 6, 7, 890, DateTimeKind.Utc);
        var id = Connection()
            .CreateExpiredJob(
                AJob("an argument"),
                new Dictionary<string, string> { ["a"] = "1", ["b"] = null! },
                createdAt,
                TimeSpan.FromDays(1)
            );
        Commit(transaction => transaction.SetJobState(id, new EnqueuedState()));
        var data = Connection().GetJobData(id)!;
        data.Job.Method.Name.Should().Be(nameof(Jobs.Nothing));
        data.Job.Args.Should().Equal("an argument");
        data.InvocationData.Method.Should().Be(nameof(Jobs.Nothing));
        data.LoadException.Should().BeNull();
        data.State.Should().Be("Enqueued");
        data.CreatedAt.Should().Be(createdAt);
        data.CreatedAt.Kind.Should().Be(DateTimeKind.Utc);
        data.ParametersSnapshot.Should().Equal(new Dictionary<string, string> { ["a"] = "1", ["b"] = null! });
    }

    [Fact, Trait("Item", "20")]
    public void A_job_whose_type_is_gone_says_so_and_keeps_its_payload()
    {
        var id = NewJob();
        Execute($"UPDATE `{Prefix}job` SET invocation_data = REPLACE(invocation_data, 'Jobs', 'Gone')");
        var data = Connection().GetJobData(id)!;
        data.Job.Should().BeNull();
        data.LoadException.Should().NotBeNull();
        data.InvocationData.Type.Should().Contain("Gone");
        Execute($"UPDATE `{Prefix}job` SET invocation_data = 'not json'");
        Connection().GetJobData(id)!.LoadException.Should().NotBeNull();
    }

    [Fact, Trait("Item", "21")]
    public void A_jobs_queue_comes_back()
    {
        var job = Job.FromExpression(() => Jobs.Nothing("x"), "critical");
        var id = Connection().CreateExpiredJob(job, new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromHours(1));
        Connection().GetJobData(id)!.Job.Queue.Should().Be("critical");
        new BackgroundJobClient(Storage).Enqueue("critical", () => Jobs.Nothing("y")).Should().NotBeNull();
        Fetch("critical").Queue.Should().Be("critical");
    }

    [Fact, Trait("Item", "23")]
    public void The_state_is_the_current_one_with_keys_in_any_case()
    {
        var id = NewJob();
        Commit(transaction => transaction.SetJobState(id, new EnqueuedState("first")));
        Commit(transaction => transaction.SetJobState(id, new FailedState(new InvalidOperationException("wrong")) { Reason = "because" }));
        Commit(transaction => transaction.AddJobState(id, new ScheduledState(TimeSpan.FromDays(1))));
        var state = Connection().GetStateData(id)!;
        state.Name.Should().Be("Failed");
        state.Reason.Should().Be("because");
        state.Data["exceptionmessage"].Should().Be("wrong");
        state.Data["EXCEPTIONMESSAGE"].Should().Be("wrong");
    }

    [Fact, Trait("Item", "24")]
    public void A_parameter_is_set_changed_emptied_and_read()
    {
        var id = NewJob();
        var connection = Connection();
        connection.GetJobParameter(id, "name").Should().BeNull();
        connection.SetJobParameter(id, "name", "first");
        connection.SetJobParameter(id, "name", "second");
        connection.GetJobParameter(id, "name").Should().Be("second");
        connection.SetJobParameter(id, "name", null);
        connection.GetJobParameter(id, "name").Should().BeNull();
        Count("job_parameter").Should().Be(1);
        connection.GetJobParameter("a-guid", "name").Should().BeNull();
        connection.Invoking(c => c.SetJobParameter(null!, "name", "x")).Should().Throw<ArgumentNullException>().WithParameterName("id");
        connection.Invoking(c => c.SetJobParameter(id, null!, "x")).Should().Throw<ArgumentNullException>().WithParameterName("name");
        connection.Invoking(c => c.GetJobParameter(null!, "name")).Should().Throw<ArgumentNullException>().WithParameterName("id");
        connection.Invoking(c => c.GetJobParameter(id, null!)).Should().Throw<ArgumentNullException>().WithParameterName("name");
        connection
            .Invoking(c => c.SetJobParameter(id, new string('n', 101), "x"))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("*101*100*");
    }

    [Fact, Trait("Item", "25")]
    public void Twenty_writers_of_one_parameter_make_one_row()
    {
        var id = NewJob();
        InParallel(
            20,
            number =>
            {
                using var connection = Storage.GetConnection();
                for (var i = 0; i < 5; i++)
                    connection.SetJobParameter(id, "name", $"{number}/{i}");
            }
        );
        Count("job_parameter").Should().Be(1);
    }

    [Theory, Trait("Item", "26")]
    [InlineData(CompatibilityLevel.Version_110)]
    [InlineData(CompatibilityLevel.Version_170)]
    [InlineData(CompatibilityLevel.Version_180)]
    public void Payloads_of_every_version_are_read(CompatibilityLevel level)
    {
        var id = NewJob();
        var type = typeof(Jobs).AssemblyQualifiedName!;
        var (payload, arguments) = level switch
        {
            // As the versions wrote them: full names and arguments twice encoded, then short keys.
            CompatibilityLevel.Version_110 => (
                SerializationHelper.Serialize(
                    new Dictionary<string, string>
                    {
                        ["Type"] = type,
                        ["Method"] = nameof(Jobs.Nothing),
                        ["ParameterTypes"] = $"[\"{typeof(string).AssemblyQualifiedName}\"]",
                        ["Arguments"] = "[\"\\\"old\\\"\"]",
                    }
                ),
                (string?)null
            ),
            CompatibilityLevel.Version_170 => ($"{{\"t\":\"{type}\",\"m\":\"Nothing\",\"p\":[\"System.String\"]}}", "[\"\\\"old\\\"\"]"),
            _ => (
                $"{{\"t\":\"HangfireMySql.Worker.Jobs, HangfireMySql.Worker\",\"m\":\"Nothing\",\"p\":[\"System.String\"],\"q\":\"q1\"}}",
                "[\"\\\"old\\\"\"]"
            ),
        };
        Execute(
            $"UPDATE `{Prefix}job` SET invocation_data = '{payload.Replace("\\", "\\\\", StringComparison.Ordinal)}', arguments = {(arguments is null ? "NULL" : $"'{arguments.Replace("\\", "\\\\", StringComparison.Ordinal)}'")}"
        );
        var data = Connection().GetJobData(id)!;
        data.LoadException.Should().BeNull();
        data.Job.Args.Should().Equal("old");
    }

    [Fact, Trait("Item", "27")]
    public void Any_character_and_five_megabytes_survive()
    {
        var text = new StringBuilder("𝔘𝔫𝔦 😀 漢字 ü '\\\"\0 %_`").Append('x', 5_000_000).Append("end").ToString();
        var id = NewJob(() => Jobs.Nothing(text));
        ((string)Connection().GetJobData(id)!.Job.Args[0] == text).Should().BeTrue();
        Connection().SetJobParameter(id, "😀", text[..100]);
        Connection().GetJobParameter(id, "😀").Should().Be(text[..100]);
    }
}

[Collection(OnMariaDb.Name)]
public sealed class JobsOnMariaDb(MariaDbFixture fixture) : JobTests(fixture);

[Collection(OnMySql.Name)]
public sealed class JobsOnMySql(MySqlFixture fixture) : JobTests(fixture);
