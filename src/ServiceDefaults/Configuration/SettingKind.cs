using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ServiceDefaults;

/// <summary>What a setting's text must look like, and how it becomes a value.</summary>
internal sealed class SettingKind<T>(string description, SettingKind<T>.Parser parser, Func<T, string>? show = null)
{
    public delegate bool Parser(string text, [MaybeNullWhen(false)] out T value);

    /// <summary>Completes the sentence "it must be ...".</summary>
    public string Description { get; } = description;

    public bool TryParse(string text, [MaybeNullWhen(false)] out T value) => parser(text, out value);

    public string Show(T value) => show?.Invoke(value) ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>The kinds of values that settings have.</summary>
internal static class SettingKinds
{
    public static SettingKind<string> Text(string description) =>
        new(
            description,
            (string text, [MaybeNullWhen(false)] out string value) =>
            {
                value = text;
                return true;
            }
        );

    public static SettingKind<string?> OptionalText(string description) =>
        new(
            description,
            (string text, out string? value) =>
            {
                value = text;
                return true;
            },
            value => value ?? "none"
        );

    /// <summary>An address, without a slash at its end.</summary>
    public static SettingKind<string> Address() =>
        new(
            "an absolute http address",
            (string text, [MaybeNullWhen(false)] out string value) =>
            {
                value = text.TrimEnd('/');
                return NamedAddresses.IsAddress(value);
            }
        );

    public static SettingKind<string?> OptionalAddress(string ending) =>
        new(
            $"an absolute http address that ends in {ending}",
            (string text, out string? value) =>
            {
                value = text.TrimEnd('/');
                return NamedAddresses.IsAddress(value) && value.EndsWith(ending, StringComparison.Ordinal);
            },
            value => value ?? "none"
        );

    public static SettingKind<string> OneOf(params string[] values) =>
        new(
            "one of " + string.Join(", ", values),
            (string text, [MaybeNullWhen(false)] out string value) =>
            {
                value = Array.Find(values, known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
                return value is not null;
            }
        );

    public static SettingKind<int> WholeNumber(int min, int max) =>
        new(
            $"a whole number from {min} to {max}",
            (string text, out int value) =>
                int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max
        );

    public static SettingKind<long> LargeNumber(long min, long max) =>
        new(
            $"a whole number from {min} to {max}",
            (string text, out long value) =>
                long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max
        );

    public static SettingKind<bool> Switch() =>
        new(
            "true or false (yes, no, on, off, 1 and 0 are understood)",
            (string text, out bool value) =>
            {
                value = text.ToUpperInvariant() is "TRUE" or "YES" or "ON" or "1";
                return value || text.ToUpperInvariant() is "FALSE" or "NO" or "OFF" or "0";
            },
            value => value ? "true" : "false"
        );

    public static SettingKind<TimeSpan> Duration(TimeSpan min, TimeSpan max) =>
        new(
            $"a time with its unit from {ShowDuration(min)} to {ShowDuration(max)}, such as 500ms, 30s, 5m, 2h, 30d or 00:00:30",
            (string text, out TimeSpan value) => TryParseDuration(text, out value) && value >= min && value <= max,
            ShowDuration
        );

    private static bool TryParseDuration(string text, out TimeSpan value)
    {
        // A bare number is refused on purpose: TimeSpan would read "30" as thirty days.
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value);
        var unit = text.TrimStart("0123456789.".ToCharArray());
        var ticks = unit switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            "d" => TimeSpan.TicksPerDay,
            _ => 0,
        };
        value = default;
        if (
            ticks == 0
            || !decimal.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        )
            return false;
        if (number > long.MaxValue / ticks)
            return false;
        value = TimeSpan.FromTicks((long)(number * ticks));
        return true;
    }

    private static string ShowDuration(TimeSpan value) =>
        value switch
        {
            { TotalDays: >= 1 } when value.Ticks % TimeSpan.TicksPerDay == 0 => $"{value.Days}d",
            { TotalHours: >= 1 } when value.Ticks % TimeSpan.TicksPerHour == 0 => $"{(int)value.TotalHours}h",
            { TotalMinutes: >= 1 } when value.Ticks % TimeSpan.TicksPerMinute == 0 => $"{(int)value.TotalMinutes}m",
            { TotalSeconds: >= 1 } when value.Ticks % TimeSpan.TicksPerSecond == 0 => $"{(int)value.TotalSeconds}s",
            _ => $"{(long)value.TotalMilliseconds}ms",
        };
}
