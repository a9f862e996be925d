using System.Text;
using Microsoft.Extensions.Options;

namespace KafkaMySql;

/// <summary>Says in a sentence what is wrong with the settings.</summary>
internal sealed class InboxOptionsCheck : IValidateOptions<InboxOptions>
{
    public ValidateOptionsResult Validate(string? name, InboxOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Faults(InboxOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
            yield return "Inbox:ConnectionString is missing: the reader's database.";
        if (!IsName(options.Consumer))
            yield return "Inbox:Consumer is to be 1 to 64 visible ASCII characters: the reader's name.";
        if (!IsName(options.Log))
            yield return "Inbox:Log is to be 1 to 64 visible ASCII characters: the log's name.";
        if (string.IsNullOrWhiteSpace(options.Topic))
            yield return "Inbox:Topic is missing.";
        if (options.Partitions is < 1 or > 1024)
            yield return $"Inbox:Partitions is {options.Partitions}; 1 to 1024 can be read.";
        if (options.BatchSize is < 1 or > 2000)
            yield return $"Inbox:BatchSize is {options.BatchSize}; 1 to 2000 records fit a transaction.";
        if (options.BatchBytes is < 1024 or > 12 * 1024 * 1024)
            yield return $"Inbox:BatchBytes is {options.BatchBytes}; 1 KiB to 12 MiB fit a server's packet.";
        if (options.MaxDeadLettersPerMinute < 0)
            yield return "Inbox:MaxDeadLettersPerMinute is negative.";
        if (options.MaxForeignRawPerDay < 0)
            yield return "Inbox:MaxForeignRawPerDay is negative.";
        // The relay takes a reader that stands still for two seconds for one that lacks something.
        if (options.ProgressInterval < TimeSpan.Zero || options.ProgressInterval > TimeSpan.FromSeconds(1))
            yield return $"Inbox:ProgressInterval is {options.ProgressInterval}; 0 to 1 second may pass.";
        if (options.Decoder is null)
            yield return "The inbox has no decoder: the service sets InboxOptions.Decoder.";
        if (options.Tables.Count == 0)
            yield return "The inbox has no tables: the service adds one to InboxOptions.Tables for every type.";
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && Ascii.IsValid(name) && !name.Any(letter => char.IsControl(letter) || letter == ' ');
}
