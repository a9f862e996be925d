using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Contracts;

namespace ServiceDefaults.Tests;

public sealed class MessagingTests
{
    private static readonly RunPosted Run = new()
    {
        UserId = "u1",
        Duration = 3600,
        Distance = 5000.5,
        Timestamp = "2024-09-10T09:12:33.001Z",
        TraceId = "0195f3a1-1c2d-7e3f-8a4b-5c6d7e8f9a0b",
        PostedAt = new DateTimeOffset(2024, 10, 31, 9, 50, 8, TimeSpan.Zero),
    };

    [Fact]
    public void A_message_is_written_as_the_bare_envelope_and_read_back()
    {
        var value = new EnvelopeSerializer<RunPosted>().Serialize(Run, default);

        Encoding
            .UTF8.GetString(value)
            .Should()
            .StartWith("""{"type":"running_stats","datetime":"2024-10-31T09:50:08","payload":{"user_id":"u1",""");
        new EnvelopeDeserializer<RunPosted>().Deserialize(value, isNull: false, default).Should().Be(Run);
        new EnvelopeDeserializer<EventMessage>().Deserialize(value, isNull: false, default).Should().Be(Run);
    }

    [Theory]
    [InlineData("""{"type":"running_stats","datetime":"2024-10-31T09:50:08","payload":{}}""", "'user_id'")]
    [InlineData("""{"type":"rowing","datetime":"2024-10-31T09:50:08","payload":{}}""", "rowing")]
    [InlineData("nonsense", "JSON")]
    public void What_cannot_be_read_is_said_with_its_reason(string value, string why)
    {
        var read = () => new EnvelopeDeserializer<RunPosted>().Deserialize(Encoding.UTF8.GetBytes(value), isNull: false, default);

        read.Should().Throw<FormatException>().WithMessage($"*{why}*");
    }

    [Fact]
    public void A_message_of_another_type_is_not_taken_for_this_one()
    {
        var value = new EnvelopeSerializer<RunPosted>().Serialize(Run, default);

        var read = () => new EnvelopeDeserializer<SongPosted>().Deserialize(value, isNull: false, default);
        read.Should().Throw<FormatException>().WithMessage("*running_stats*");
    }

    [Fact]
    public void A_tombstone_has_no_message() =>
        new EnvelopeDeserializer<RunPosted>().Deserialize([], isNull: true, default).Should().BeNull();

    [Fact]
    public void A_key_is_its_text()
    {
        Encoding.UTF8.GetString(new TextKeySerializer<long>().Serialize(-77, default)).Should().Be("-77");
        Encoding.UTF8.GetString(new TextKeySerializer<string>().Serialize("é", default)).Should().Be("é");
    }

    [Fact]
    public void The_trace_context_is_the_only_header()
    {
        var serializer = new TraceHeadersSerializer();
        serializer.Serialize(null!).Should().BeEmpty();

        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        var header = serializer.Serialize(null!).Should().ContainSingle().Subject;
        header.Key.Should().Be("traceparent");
        Encoding.ASCII.GetString(header.GetValueBytes()).Should().Be(activity.Id);
    }
}
