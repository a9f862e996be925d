namespace ServiceDefaults;

public static partial class Settings
{
    /// <summary>Whose records a reader takes.</summary>
    public static readonly Setting<string> InboxLog = new(
        "Inbox:Log",
        SettingKinds.Text("1 to 64 visible ASCII characters"),
        "main",
        "The name of the log that readers follow: the Receiver's `Outbox:Log`. Records of another name count as foreign. Written down at the first start."
    );

    /// <summary>Largest number of records in a transaction.</summary>
    public static readonly Setting<int> InboxBatchSize = new(
        "Inbox:BatchSize",
        SettingKinds.WholeNumber(1, 2000),
        500,
        "At most so many records are taken in one transaction."
    );

    /// <summary>Largest number of bytes in a transaction.</summary>
    public static readonly Setting<int> InboxBatchBytes = new(
        "Inbox:BatchBytes",
        SettingKinds.WholeNumber(1024, 12 * 1024 * 1024),
        2 * 1024 * 1024,
        "At most so many bytes of records are taken in one transaction, unless a single record is larger."
    );

    /// <summary>When a partition stops.</summary>
    public static readonly Setting<int> InboxMaxDeadLettersPerMinute = new(
        "Inbox:MaxDeadLettersPerMinute",
        SettingKinds.WholeNumber(0, 1_000_000),
        20,
        "More of the log's own records that cannot be stored than this in a minute stop their partition, for somebody to look."
    );

    /// <summary>How much of foreign rubbish is kept.</summary>
    public static readonly Setting<int> InboxMaxForeignRawPerDay = new(
        "Inbox:MaxForeignRawPerDay",
        SettingKinds.WholeNumber(0, 1_000_000),
        1000,
        "So many foreign records that cannot be stored are kept a day with their bytes; of those above only that they came."
    );

    /// <summary>The write routes of Storage.</summary>
    public static readonly Setting<bool> StorageWriteRoutes = new(
        "Storage:WriteRoutes",
        SettingKinds.Switch(),
        false,
        "Lets clients write to Storage around the Receiver, the log and the topic (`POST /storage/site/listings` and `/bids`)."
    );
}
