//! The store: categories, accredited providers, services and dated sessions.

use crate::demo::data::{DataError, OfferData, ServiceData, TerritoryData};
use crate::demo::dice::Dice;
use crate::demo::ids;
use chrono::NaiveDate;
use concilia_catalogue::bulk::{self, NewCategory, NewService, NewServiceSession, NewStore, NewStoreProvider};
use concilia_catalogue::{Place, ServiceState};
use concilia_kernel::Problem;
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

const STREETS: &[&str] = &[
    "Via Dante Alighieri",
    "Via dei Mille",
    "Via Fiume",
    "Via Giardino",
    "Via Giuseppe Verdi",
    "Via Monteverdi",
    "Via Roma",
    "Via San Martino",
    "Via Stazione",
    "Viale della Repubblica",
    "Viale Europa",
    "Piazza della Pace",
];
const INVENTED_IT: &str = "Servizio dimostrativo: prezzo, luogo e date sono inventati.";
const INVENTED_EN: &str = "Demo service: price, place and dates are invented.";

pub(super) fn store_id(territory: &TerritoryData) -> Uuid {
    ids::id("store", &territory.head.store.slug)
}

/// The service that a provider offers under an English title.
pub(super) fn service_id(territory: &TerritoryData, title_en: &str, provider: &str) -> Uuid {
    ids::id("service", &format!("{}/{title_en}/{provider}", territory.head.code))
}

pub(super) fn session_id(service_id: Uuid, index: usize) -> Uuid {
    ids::id("session", &format!("{service_id}/{index}"))
}

pub(super) async fn load(
    conn: &mut AsyncPgConnection,
    territory: &TerritoryData,
    project_id: Uuid,
    today: NaiveDate,
) -> Result<(), Problem> {
    let shelf = Shelf {
        territory,
        territory_id: ids::territory(&territory.head.code),
        store_id: store_id(territory),
        today,
    };
    bulk::insert_stores(conn, &[shelf.store(project_id)]).await?;
    bulk::insert_categories(conn, &shelf.categories()).await?;
    bulk::insert_store_providers(conn, &shelf.providers()).await?;
    let (mut services, mut sessions) = (vec![], vec![]);
    let mut dice = Dice::of(&format!("catalogue/{}", territory.head.code));
    for service in &territory.services {
        for (index, offer) in service.offers.iter().enumerate() {
            let new = shelf.service(service, offer, &mut dice)?;
            sessions.extend(shelf.sessions(service, new.id, index)?);
            services.push(new);
        }
    }
    bulk::insert_services(conn, &services).await?;
    bulk::insert_service_sessions(conn, &sessions).await?;
    Ok(())
}

struct Shelf<'a> {
    territory: &'a TerritoryData,
    territory_id: Uuid,
    store_id: Uuid,
    today: NaiveDate,
}

impl Shelf<'_> {
    fn organisation(&self, key: &str) -> Uuid {
        ids::organisation(&self.territory.head.code, key)
    }

    fn category(&self, code: &str) -> Uuid {
        ids::id("category", &format!("{}/{code}", self.territory.head.store.slug))
    }

    fn store(&self, project_id: Uuid) -> NewStore {
        let store = &self.territory.head.store;
        NewStore {
            id: self.store_id,
            territory_id: self.territory_id,
            project_id,
            lead_organisation_id: self.organisation(&self.territory.head.project.lead),
            slug: store.slug.clone(),
            name_it: store.name_it.clone(),
            name_en: store.name_en.clone(),
            description_it: store.description_it.clone(),
            description_en: store.description_en.clone(),
        }
    }

    fn categories(&self) -> Vec<NewCategory> {
        let categories = self.territory.head.categories.iter().zip(1..);
        let new = categories.map(|(category, position)| NewCategory {
            id: self.category(&category.code),
            territory_id: self.territory_id,
            store_id: self.store_id,
            code: category.code.clone(),
            name_it: category.name_it.clone(),
            name_en: category.name_en.clone(),
            position,
        });
        new.collect()
    }

    fn providers(&self) -> Vec<NewStoreProvider> {
        let keys = self.territory.head.project.implementing.iter();
        let new = keys.map(|key| NewStoreProvider {
            territory_id: self.territory_id,
            store_id: self.store_id,
            organisation_id: self.organisation(key),
        });
        new.collect()
    }

    fn service(&self, service: &ServiceData, offer: &OfferData, dice: &mut Dice) -> Result<NewService, DataError> {
        let provider = self.territory.organisation(&offer.provider)?;
        let street = dice.pick(STREETS).copied().unwrap_or_default();
        let address = (service.place == Place::Address).then(|| format!("{street} {}", dice.between(1, 120)));
        Ok(NewService {
            id: service_id(self.territory, &service.title_en, &provider.key),
            territory_id: self.territory_id,
            store_id: self.store_id,
            provider_id: self.organisation(&provider.key),
            category_id: self.category(&service.category),
            title_it: service.title_it.clone(),
            title_en: service.title_en.clone(),
            description_it: format!("{}\n\n{INVENTED_IT}", service.description_it),
            description_en: format!("{}\n\n{INVENTED_EN}", service.description_en),
            intervention_type: service.intervention,
            minimum_age: service.minimum_age,
            maximum_age: service.maximum_age,
            place: service.place,
            municipality: offer.municipality.clone(),
            address,
            unit: service.unit,
            price: offer.price,
            vat_rate: service.vat_rate,
            inclusion: service.inclusion.clone().into(),
            state: ServiceState::Published,
        })
    }

    fn sessions(
        &self,
        service: &ServiceData,
        service_id: Uuid,
        offer_index: usize,
    ) -> Result<Vec<NewServiceSession>, DataError> {
        let Some(pattern) = &service.sessions else { return Ok(vec![]) };
        let dates = pattern.sessions(self.today, offer_index as u64);
        let dates = dates.ok_or_else(|| DataError(format!("sessions of {}", service.title_en)))?;
        let new = dates.into_iter().enumerate().map(|(index, (starts_at, ends_at))| NewServiceSession {
            id: session_id(service_id, index),
            territory_id: self.territory_id,
            service_id,
            starts_at,
            ends_at,
            capacity: pattern.capacity,
        });
        Ok(new.collect())
    }
}
