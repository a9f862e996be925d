namespace ServiceDefaults;

public static partial class Settings
{
    /// <summary>The file that a job writes its result to.</summary>
    public static readonly Setting<string?> DatastoreFilename = new(
        "datastore:filename",
        SettingKinds.OptionalText("a file"),
        null,
        "The file that the service also writes its document to after each run; the database is the truth. Relative to the current folder.",
        "`data/{service}/data.json`"
    );
}
