using System.Globalization;
using CsCheck;

namespace Contracts.Tests;

public sealed class Iso8601Tests
{
    [Theory]
    [InlineData("2025-03-04 11:08:08", "2025-03-04T11:08:08.0000000")]
    [InlineData("2025-03-04T11:08:08", "2025-03-04T11:08:08.0000000")]
    [InlineData("2025-03-04t11:08:08z", "2025-03-04T11:08:08.0000000")]
    [InlineData("2025-03-04T11:08", "2025-03-04T11:08:00.0000000")]
    [InlineData("2025-03-04T11:08Z", "2025-03-04T11:08:00.0000000")]
    [InlineData("2025-03-04T11:08:08.5Z", "2025-03-04T11:08:08.5000000")]
    [InlineData("2025-03-04T11:08:08.123456789012Z", "2025-03-04T11:08:08.1234567")]
    [InlineData("2025-03-04T11:08:08+02:00", "2025-03-04T09:08:08.0000000")]
    [InlineData("2025-03-04T11:08:08-0530", "2025-03-04T16:38:08.0000000")]
    [InlineData("2025-03-04T11:08:08+02", "2025-03-04T09:08:08.0000000")]
    [InlineData("2024-02-29T00:00:00+23:59", "2024-02-28T00:01:00.0000000")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999")]
    public void It_reads_every_shape_that_is_on_the_wire(string text, string utc)
    {
        Iso8601.TryParse(text, out var parsed).Should().BeTrue();
        parsed.Kind.Should().Be(DateTimeKind.Utc);
        parsed.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture).Should().Be(utc);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2025-03-04")]
    [InlineData("2025-03-04T")]
    [InlineData("2025-03-04T11")]
    [InlineData("2025-3-4T11:08:08Z")]
    [InlineData("2025-13-04T11:08:08Z")]
    [InlineData("2025-00-04T11:08:08Z")]
    [InlineData("2025-02-29T11:08:08Z")]
    [InlineData("2025-02-00T11:08:08Z")]
    [InlineData("2025-03-04T24:00:00Z")]
    [InlineData("2025-03-04T11:60:00Z")]
    [InlineData("2025-03-04T11:08:60Z")]
    [InlineData("2025-03-04T11:08:08.Z")]
    [InlineData("2025-03-04T11:08.5Z")]
    [InlineData("2025-03-04T11:08:08+24:00")]
    [InlineData("2025-03-04T11:08:08+02:60")]
    [InlineData("2025-03-04T11:08:08+2")]
    [InlineData("2025-03-04T11:08:08+02:")]
    [InlineData("2025-03-04T11:08:08 Z")]
    [InlineData("2025-03-04T11:08:08Z ")]
    [InlineData(" 2025-03-04T11:08:08Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("-2025-03-04T11:08:08Z")]
    [InlineData("٢٠٢٥-03-04T11:08:08Z")]
    [InlineData("2025-03-04T11:08:08.00000000000000000000000000000000000000000000000000Z")]
    public void It_reads_nothing_else(string text) => Iso8601.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void It_agrees_with_the_framework() =>
        Gen.Select(Gen.DateTime, Gen.Int[-14 * 60, 14 * 60])
            .Sample(
                (local, minutes) =>
                {
                    var offset = TimeSpan.FromMinutes(minutes);
                    var sign = minutes < 0 ? "-" : "+";
                    var text = $"{local:yyyy-MM-ddTHH:mm:ss.fffffff}{sign}{offset:hh\\:mm}";
                    var ticks = local.Ticks - offset.Ticks;
                    var inRange = ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;

                    Iso8601.TryParse(text, out var utc).Should().Be(inRange);
                    if (inRange)
                        utc.Ticks.Should().Be(ticks);
                }
            );
}
