namespace MassTransit.KafkaIntegration.Configuration;

internal static class TimeSpanExtensions
{
    public static int? ToMilliseconds(this TimeSpan? value) => value is { } time ? (int)time.TotalMilliseconds : null;

    public static int ToMilliseconds(this TimeSpan value) => (int)value.TotalMilliseconds;
}
