using System.Text;

namespace Contracts.Tests;

/// <summary>The contract's own examples.</summary>
internal static class Bodies
{
    public const string Listing =
        """{"listing_id":1,"listing_price":600000.00,"listing_post":"2025-01-07T12:47:00Z","listing_type":"Apartment","listing_status":"SOLD","listing_contact":"random_person@random.com"}""";

    public const string Bid =
        """{"bidding_id":1,"listing_id":1,"asking_price":600000.00,"offer_price":619000.00,"offer_date":"2025-01-07T12:47:00Z","property_square_feet":2013,"price_per_square_feet":298.06,"bid_status":"REJECTED"}""";

    public const string Run =
        """{"user_id":"d290f1ee-6c54-4b01-90e6-d701748f0851","duration":3600,"distance":5000,"timestamp":"2024-09-10T09:12:33.001Z"}""";

    public const string Song =
        """{"user_id":"d999f1ee-6c54-4b01-90e6-d701748f0851","song_name":"Run Boy Run","artist":"Woodkid","song_duration":180,"timestamp":"2024-09-10T09:12:33.001Z"}""";

    public const long TraceId = 1738302360430669700;

    public static readonly Guid TraceUuid = Guid.Parse("0195f3a1-1c2d-7e3f-8a4b-5c6d7e8f9a0b");

    public static readonly DateTimeOffset At = new(2025, 3, 4, 11, 8, 8, 123, TimeSpan.Zero);

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);

    public static string? ErrorOf(EventType type, string body) => ErrorOf(type, Utf8(body));

    public static string? ErrorOf(EventType type, byte[] body)
    {
        var draft = type.Check(body, out var error);
        (draft is null).Should().Be(error is not null);
        return error;
    }

    public static EventMessage Accept(EventType type, string body)
    {
        var draft = type.Check(Utf8(body), out var error);
        error.Should().BeNull();
        return type.TraceIdKind == TraceIdKind.Nanoseconds ? draft!.Accept(TraceId, At) : draft!.Accept(TraceUuid, At);
    }

    public static EnvelopeContent Read(string value) => Envelope.Read(Utf8(value));

    public static T Read<T>(string value)
        where T : EventMessage => Read(value).Should().BeOfType<EnvelopeContent.Event>().Which.Message.Should().BeOfType<T>().Subject;
}
