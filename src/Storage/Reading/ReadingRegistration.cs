namespace Storage.Reading;

internal static class ReadingRegistration
{
    public static void AddStorageReading(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Horizons>();
        builder.Services.AddSingleton<EventLists>();
    }
}
